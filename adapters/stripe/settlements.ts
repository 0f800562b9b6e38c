import { setTimeout as sleep } from 'node:timers/promises'
import type { Asset } from '../../gateway/money/asset.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import type { StripeApi } from './api.ts'
import { fromCents } from './cents.ts'
import { STRIPE_RAIL } from './destination.ts'
import { ATTEMPT, type BalanceTransaction, REF, type Source } from './wire.ts'

/** What Stripe holds for us, and what has left it for our bank and has not been booked there. */
export const ACCOUNT = 'account'
export const TO_BANK = 'to-bank'

type Parts = Readonly<{
  api: StripeApi
  asset: Asset
  /** What the stream begins behind: the newest transaction when the rail was opened for the first time, and when that was (s). */
  beginning: string
  beginningAt: number
  pollMs: number
  failed: (attempt: string) => boolean
  /** Told of each that was read. */
  onRead: (transaction: BalanceTransaction) => void
  /** Told of each that is neither a payment nor one of ours. */
  onStranger: (transaction: BalanceTransaction) => void
}>

/** The end of a cursor behind which the fee of its transaction comes yet. */
const FEE_TO_COME = ':amount'

/** A transaction may be listed so long after the time that it bears, behind others that were read before. */
const LATE_S = 600

/**
 * All that moved on the account behind a cursor, until the signal aborts. A cursor is the id of a balance transaction of which everything is told, or, with an
 * ending of ours, of which the fee is not told yet. What was told shortly before the cursor may be told again: its id is booked once.
 */
export async function* streamTransactions(o: Parts, after: string, signal: AbortSignal): AsyncGenerator<Settlement> {
  const currency = o.asset.code.toLowerCase()
  const told = new Map<string, number>()
  let last = after === '' ? o.beginning : after
  let lastAt = o.beginningAt
  if (last.endsWith(FEE_TO_COME)) last = last.slice(0, -FEE_TO_COME.length)
  if (last !== o.beginning) {
    const begun = await o.api.transactionById(last)
    lastAt = begun.created
    if (after.endsWith(FEE_TO_COME)) yield settlementOf(begun, feeOf(begun), o, last)
  }
  while (!signal.aborted) {
    const page = await o.api.transactionsAfter(last, currency)
    for (const transaction of page) {
      yield* settlementsOf(transaction, o, transaction.id)
      told.set(transaction.id, transaction.created)
      last = transaction.id
      lastAt = transaction.created
    }
    if (page.length > 0) continue
    for (const [id, at] of told) if (at < lastAt - LATE_S) told.delete(id)
    if (lastAt > o.beginningAt) {
      for (const transaction of await o.api.transactionsSince(lastAt - LATE_S, currency)) {
        if (told.has(transaction.id) || transaction.created <= o.beginningAt) continue
        yield* settlementsOf(transaction, o, last)
        told.set(transaction.id, transaction.created)
      }
    }
    await sleep(o.pollMs, undefined, { signal }).catch(() => undefined)
  }
}

/** The amount and the fee, each by itself; `cursor` is where the stream stands when both are told. */
async function* settlementsOf(t: BalanceTransaction, o: Parts, cursor: string): AsyncGenerator<Settlement> {
  o.onRead(t)
  const main = await movementOf(t, o)
  const withFee = t.fee !== 0
  if (main) yield settlementOf(t, main, o, withFee && cursor === t.id ? `${cursor}${FEE_TO_COME}` : cursor)
  if (withFee) yield settlementOf(t, feeOf(t), o, cursor)
}

function settlementOf(t: BalanceTransaction, { cents, ...told }: Told, { asset }: Pick<Parts, 'asset'>, cursor: string): Settlement {
  return { place: ACCOUNT, ...told, cursor, rail: STRIPE_RAIL, amount: fromCents(cents, asset), at: t.created * 1_000 }
}

type Told = Pick<Settlement, 'id' | 'kind'> &
  Readonly<{ cents: number }> &
  Partial<Pick<Settlement, 'place' | 'toPlace' | 'reference' | 'attemptId' | 'proof' | 'reason'>>

/** What Stripe gives back of a fee comes as our own money from outside, as a fee never falls below nothing in the books. */
function feeOf({ id, fee }: BalanceTransaction): Told {
  return fee > 0 ? { id: `${id}:fee`, kind: 'spent', cents: fee } : { id: `${id}:fee`, kind: 'funded', cents: -fee }
}

/** Kinds of which the object says whose they are. */
const NAMED = new Set(['charge', 'refund', 'transfer', 'refund_failure', 'transfer_reversal'])

/** What one transaction is in the words of rails; undefined of a payment that its attempt has booked. */
async function movementOf(t: BalanceTransaction, o: Parts): Promise<Told | undefined> {
  const { id, amount } = t
  if (amount === 0) return undefined
  const source = NAMED.has(t.reporting_category) ? await o.api.sourceOf(id) : undefined
  const attempt = source?.metadata?.[ATTEMPT]
  const cents = amount < 0 ? -amount : amount
  switch (t.reporting_category) {
    case 'charge': {
      if (amount < 0) break
      const [reference, payment] = [source?.metadata?.[REF], source?.payment_intent]
      return { id, kind: 'received', cents, ...(reference ? { reference } : {}), ...(payment ? { proof: payment } : {}) }
    }
    case 'refund':
    case 'transfer':
      // One that was told as failed and was made all the same was paid by nobody's order; a refund that came to nothing comes back by itself.
      if (amount < 0 && attempt !== undefined && (!o.failed(attempt) || cameToNothing(source))) return undefined
      break
    case 'refund_failure':
      if (amount < 0 || attempt === undefined) break
      return o.failed(attempt) ? undefined : { id, kind: 'received', cents, attemptId: attempt, reason: 'refund_failure' }
    case 'transfer_reversal': {
      if (amount < 0) break
      const transfer = attempt === undefined && source?.transfer ? await o.api.transferById(source.transfer) : source
      const returned = transfer?.metadata?.[ATTEMPT]
      if (returned !== undefined) return { id, kind: 'received', cents, attemptId: returned, reason: 'transfer_reversal' }
      break
    }
    case 'payout':
      if (amount < 0) return { id, kind: 'moved', cents, toPlace: TO_BANK }
      break
    case 'payout_reversal':
      if (amount > 0) return { id, kind: 'moved', cents, place: TO_BANK, toPlace: ACCOUNT }
      break
  }
  o.onStranger(t)
  return { id, kind: amount > 0 ? 'funded' : 'spent', cents }
}

const cameToNothing = (source: Source | undefined) => source?.status === 'failed' || source?.status === 'canceled'
