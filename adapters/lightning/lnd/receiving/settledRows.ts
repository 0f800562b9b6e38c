import { z } from 'zod'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { TlvRecord } from '../../../../gateway/ports/sender.ts'
import { byOurClock } from '../node/clockSkew.ts'
import { integerOf, integerOrNone, type LndStore, textOf } from '../node/store.ts'
import { recordsOf } from './customRecords.ts'

/** One payment that came in. `seq` is its place in this file alone; a payment hash comes once. Amount in msat, time in ms by our clock. */
export type SettledRow = Readonly<{
  seq: bigint
  /** LND's own number of it, undefined where a file of before it was kept has not got it. */
  settleIndex: bigint | undefined
  paymentHash: string
  amountMsat: bigint
  preimage: string
  at: bigint
  /** What the payer sent along. */
  records: readonly TlvRecord[]
}>

const settledInvoice = z.object({
  id: z.string(),
  is_confirmed: z.literal(true),
  confirmed_at: z.string(),
  confirmed_index: z.number().int().positive(),
  received_mtokens: z.string().regex(/^\d+$/),
  secret: z.string(),
})

/** How far LND's stream of settlements was read. */
const SETTLE_INDEX = 'settle_index'

/** LND's settle index up to which the stream has told all; undefined in a file that has read nothing yet. */
export function settleIndex(store: LndStore): number | undefined {
  return numberOf(store, SETTLE_INDEX)
}

export function setSettleIndex(store: LndStore, index: number): void {
  store.setMeta(SETTLE_INDEX, String(index))
}

/** Writes down an invoice that is settled. `fresh`: it was not known; `index`: LND's settle index of it, 0 where it is not settled. */
export function takeSettled(store: LndStore, found: unknown): { fresh: boolean; index: number } {
  const settled = settledInvoice.safeParse(found)
  if (!settled.success) return { fresh: false, index: 0 }
  const { id, received_mtokens, secret, confirmed_at, confirmed_index } = settled.data
  const at = byOurClock(store, Date.parse(confirmed_at))
  const row = [id, BigInt(received_mtokens), secret, BigInt(at), JSON.stringify(recordsOf(found)), BigInt(confirmed_index)]
  const fresh = store.write(
    'INSERT OR IGNORE INTO received (payment_hash, amount_msat, preimage, at, records, settle_index) VALUES (?, ?, ?, ?, ?, ?)',
    ...row,
  )
  return { fresh: fresh > 0, index: confirmed_index }
}

/** The newest place in this file, 0 when it is empty. */
export function lastSeq(store: LndStore): bigint {
  return integerOf(store.statement('SELECT coalesce(max(seq), 0) AS seq FROM received').get()?.seq)
}

const COLUMNS = 'seq, settle_index, payment_hash, amount_msat, preimage, at, records'

/** Rows after a place of this file; of those up to `known.seq` only the ones that LND settled after `known.index`. */
export function rowsAfter(store: LndStore, seq: bigint, known: Readonly<{ seq: bigint; index: bigint }>, limit: bigint): SettledRow[] {
  return store
    .statement(`SELECT ${COLUMNS} FROM received WHERE seq > ? AND (seq > ? OR settle_index > ?) ORDER BY seq LIMIT ?`)
    .all(seq, known.seq, known.index, limit)
    .map((found) => ({
      seq: integerOf(found.seq),
      settleIndex: integerOrNone(found.settle_index),
      paymentHash: textOf(found.payment_hash),
      amountMsat: integerOf(found.amount_msat),
      preimage: textOf(found.preimage),
      at: integerOf(found.at),
      records: JSON.parse(textOf(found.records)) as TlvRecord[], // As it was written above.
    }))
}

/** The least settle index among rows after a place of this file, undefined when there are none. */
export function leastIndexAfter(store: LndStore, seq: bigint): bigint | undefined {
  return integerOrNone(store.statement('SELECT min(settle_index) AS least FROM received WHERE seq > ?').get(seq)?.least)
}

/** A whole number that the file keeps: an index of LND's, or a time in ms. */
export function numberOf(store: LndStore, key: string): number | undefined {
  const text = store.meta(key)
  if (text === undefined) return undefined
  const value = Number(text) // An index, or a time in ms.
  invariant(Number.isSafeInteger(value), `${key} is a whole number`)
  return value
}
