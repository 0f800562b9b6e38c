import { type AuthenticatedLnd, getInvoices, subscribeToInvoices } from 'lightning'
import { z } from 'zod'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { TlvRecord } from '../../../../gateway/ports/sender.ts'
import { byOurClock } from '../node/clockSkew.ts'
import { keepSubscribed } from '../node/keepSubscribed.ts'
import { lndCall, messageOf } from '../node/lndCall.ts'
import { integerOf, type LndStore, textOf } from '../node/store.ts'
import { recordsOf } from './customRecords.ts'

const PAGE_DEADLINE_MS = 10_000
const INVOICES_PER_PAGE = 250
/** Pages that one sweep reads; more would be 100,000 invoices since the last one. */
const PAGES_MAX = 400
/** Besides every reconnect: a sweep now and then costs one page and trusts nobody. */
const SWEEP_MS = 300_000
const SWEEP_AGAIN_MS = 2_000

/** One payment that came in. `seq` counts without a gap, and a payment hash comes once. Amount in msat, time in ms by our clock. */
export type ReceivedRow = Readonly<{
  seq: bigint
  paymentHash: string
  amountMsat: bigint
  preimage: string
  at: bigint
  /** What the payer sent along. */
  records: readonly TlvRecord[]
}>

export type Received = Readonly<{
  after: (seq: bigint, limit: bigint) => ReceivedRow[]
  /** Called when there may be more. */
  onNews: (listener: () => void) => () => void
  /** The stream may be dead without saying so: opens it anew, and sweeps. */
  renew: () => void
  close: () => void
}>

const settledInvoice = z.object({
  id: z.string(),
  is_confirmed: z.literal(true),
  confirmed_at: z.string(),
  confirmed_index: z.number().optional(),
  received_mtokens: z.string().regex(/^\d+$/),
  secret: z.string(),
})

/** The node's settle index as far as we have read it, and the longest that an invoice of ours may stay payable. */
const SETTLE_INDEX = 'settle_index'
const LIFE_MS_MAX = 'invoice_life_ms_max'
/** Creation times, by LND's clock: of the newest invoice when this file was made, and of the newest that a sweep has seen. */
const BASELINE = 'baseline_created_at'
const SWEPT = 'swept_created_at'

/**
 * Records everything that settles at the node, once. The stream is opened behind our own settle index, so LND sends again what settled while we did
 * not listen; where that says nothing (an index of 0 means "only what is new") the sweep of invoices finds it.
 */
export async function openReceived(lnd: AuthenticatedLnd, store: LndStore, log: (line: string) => void): Promise<Received> {
  const listeners = new Set<() => void>()
  let sweeping = false
  let wanted = false
  let closed = false
  if (store.meta(BASELINE) === undefined) await setBaseline(lnd, store)

  const take = (found: unknown) => takeSettled(store, found)
  const tell = () =>
    store.committed().then(
      () => {
        for (const listener of listeners) listener()
      },
      (error: unknown) => log(`lightning: what came in could not be written down: ${messageOf(error)}`),
    )
  const sweepOnce = async () => {
    try {
      if ((await sweepInvoices(lnd, store, (invoice) => take(invoice).fresh)) > 0) tell()
    } catch (error) {
      if (closed) return
      log(`lightning: the invoices could not be swept: ${messageOf(error)}`)
      setTimeout(sweep, SWEEP_AGAIN_MS).unref()
    }
  }
  /** One at a time; asked for while one runs, because the stream broke again, another follows. */
  const sweep = async () => {
    wanted = true
    if (sweeping) return
    sweeping = true
    while (wanted && !closed) {
      wanted = false
      await sweepOnce()
    }
    sweeping = false
  }
  const subscription = keepSubscribed({
    event: 'invoice_updated',
    open: () => {
      const index = settleIndex(store)
      return subscribeToInvoices({ lnd, ...(index > 0 ? { confirmed_after: index } : {}) })
    },
    onData: (invoice) => {
      const { fresh, index } = take(invoice)
      // Only the stream moves the index on: it tells every settlement in order, and a sweep does not.
      if (index > settleIndex(store)) store.setMeta(SETTLE_INDEX, String(index))
      if (fresh) tell()
    },
    onOpen: sweep,
    onBroken: (error) => log(`lightning: the stream of invoices broke (${messageOf(error)}); opening it again`),
  })
  const timer = setInterval(sweep, SWEEP_MS).unref()
  return {
    after: (seq, limit) => rowsAfter(store, seq, limit),
    onNews: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    renew: subscription.renew,
    close: () => {
      closed = true
      clearInterval(timer)
      subscription.stop()
    },
  }
}

/** Writes down an invoice that is settled. `fresh`: it was not known; `index`: LND's settle index of it, 0 where it is not settled. */
function takeSettled(store: LndStore, found: unknown): { fresh: boolean; index: number } {
  const settled = settledInvoice.safeParse(found)
  if (!settled.success) return { fresh: false, index: 0 }
  const { id, received_mtokens, secret, confirmed_at, confirmed_index } = settled.data
  const at = byOurClock(store, Date.parse(confirmed_at))
  const row = [id, BigInt(received_mtokens), secret, BigInt(at), JSON.stringify(recordsOf(found))]
  const fresh = store.write(
    'INSERT OR IGNORE INTO received (payment_hash, amount_msat, preimage, at, records) VALUES (?, ?, ?, ?, ?)',
    ...row,
  )
  return { fresh: fresh > 0, index: confirmed_index ?? 0 }
}

/** An invoice that may be paid for longer makes every sweep reach back further. Call it before the invoice is given away. */
export function reachBack(store: LndStore, lifeMs: number): void {
  if (lifeMs > numberOf(store, LIFE_MS_MAX)) store.setMeta(LIFE_MS_MAX, String(Math.ceil(lifeMs)))
}

/** What had settled before this file was made is the operator's capital and not news. */
async function setBaseline(lnd: AuthenticatedLnd, store: LndStore): Promise<void> {
  const { invoices } = await lndCall('the invoices', PAGE_DEADLINE_MS, () => getInvoices({ lnd, limit: 1 }))
  store.setMeta(BASELINE, String(invoices[0] ? Date.parse(invoices[0].created_at) : 0))
  await store.committed()
}

/** Reads invoices from the newest back to the oldest that could have settled since the last sweep. Returns how many had settled unnoticed. */
async function sweepInvoices(lnd: AuthenticatedLnd, store: LndStore, take: (invoice: unknown) => boolean): Promise<number> {
  const baseline = numberOf(store, BASELINE)
  const reach = Math.max(baseline, numberOf(store, SWEPT) - numberOf(store, LIFE_MS_MAX))
  let found = 0
  let newest = numberOf(store, SWEPT)
  let token: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const terms = token === undefined ? { lnd, limit: INVOICES_PER_PAGE } : { lnd, token }
    const { invoices, next } = await lndCall('the invoices', PAGE_DEADLINE_MS, () => getInvoices(terms))
    for (const invoice of invoices) {
      const createdAt = Date.parse(invoice.created_at)
      newest = Math.max(newest, createdAt)
      if (createdAt > baseline && invoice.is_confirmed && take(invoice)) found++
    }
    const oldest = invoices.at(-1)
    token = next
    if (!oldest || token === undefined || Date.parse(oldest.created_at) < reach) break
  }
  if (newest > numberOf(store, SWEPT)) store.setMeta(SWEPT, String(newest))
  return found
}

function settleIndex(store: LndStore): number {
  return numberOf(store, SETTLE_INDEX)
}

function numberOf(store: LndStore, key: string): number {
  const value = Number(store.meta(key) ?? '0') // An index, or a time in ms.
  invariant(Number.isSafeInteger(value), `${key} is a whole number`)
  return value
}

function rowsAfter(store: LndStore, seq: bigint, limit: bigint): ReceivedRow[] {
  return store
    .statement('SELECT seq, payment_hash, amount_msat, preimage, at, records FROM received WHERE seq > ? ORDER BY seq LIMIT ?')
    .all(seq, limit)
    .map((found) => ({
      seq: integerOf(found.seq),
      paymentHash: textOf(found.payment_hash),
      amountMsat: integerOf(found.amount_msat),
      preimage: textOf(found.preimage),
      at: integerOf(found.at),
      records: JSON.parse(textOf(found.records)) as TlvRecord[], // As it was written above.
    }))
}
