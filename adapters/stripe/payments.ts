import type { Asset } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { FailureReason, Outcome } from '../../gateway/ports/outcome.ts'
import type { Attempt } from '../../gateway/ports/sender.ts'
import { refusalOf, type StripeApi } from './api.ts'
import { isWholeCents, toCents } from './cents.ts'
import { refuseDestination, STRIPE_RAIL } from './destination.ts'
import type { AttemptRow, StripeStore } from './store.ts'
import type { Made } from './wire.ts'

const CHECK_AFTER_MS = 5_000
/** A refund that waits for money, or for the payer's bank, does so for hours. */
const REFUND_MS = 60_000
/** Stripe knows an idempotency key for a day at least (docs.stripe.com/api/idempotent_requests); before that is over the same request is harmless. */
const REPEAT_MS = 12 * 3_600_000

type Parts = Readonly<{ api: StripeApi; store: StripeStore; asset: Asset; now: () => number }>
/** What was handed over: to whom, how much, and when (ms). */
type Sent = Readonly<{ account: string; cents: number; sentAt: number }>

/** Sends, looks up and remembers; each attempt has one end. */
export function createPayments(p: Parts) {
  const underway = new Map<string, Promise<Outcome>>()

  /** One at a time of each attempt; who comes meanwhile hears the same. */
  function once(id: string, work: () => Promise<Outcome>): Promise<Outcome> {
    const running = underway.get(id)
    if (running) return running
    const run = work().finally(() => underway.delete(id))
    underway.set(id, run)
    return run
  }

  return {
    /** Who stops waiting hears that it is not known; the request goes on to its end. */
    send: (attempt: Attempt, { signal }: Readonly<{ signal: AbortSignal }>) =>
      Promise.race([
        once(attempt.id, () => send(p, attempt)),
        stopped(signal).then(() => unknown('nobody waits for Stripe’s answer any more')),
      ]),
    lookup: (id: string, sent?: Attempt) => once(id, () => lookup(p, id, sent)),
    /** Whether it was told as failed: what Stripe lists of it then is no payment of ours. */
    failed: (id: string) => (p.store.row(id)?.reason ?? null) !== null,
  }
}

async function send(p: Parts, { id, amount, destination }: Attempt): Promise<Outcome> {
  const { api, store, asset, now } = p
  const row = store.row(id)
  const known = row && (endOf(row, asset) ?? (await begun(p, row)))
  if (known) return known
  const wrong = refuseDestination(destination)
  if (wrong !== undefined || destination.kind !== 'custom') return { kind: 'failed', reason: 'invalid_destination', detail: wrong ?? '' }
  if (!isWholeCents(amount)) return { kind: 'failed', reason: 'rejected_by_rail', detail: 'Stripe moves whole cents' }
  const { account } = destination
  if (!row) {
    // The file that announced it is lost: whether it left before, Stripe says.
    const before = await find(api, id, account).catch(unknown)
    if (before && 'kind' in before) return before
    store.announce(id, now())
    if (before) return keepEnd(p, id, before)
  }
  const cents = toCents(amount)
  store.noteSent(id, { account, cents, at: now() })
  return request(p, id, { account, cents })
}

async function lookup(p: Parts, id: string, sent: Attempt | undefined): Promise<Outcome> {
  const row = p.store.row(id)
  const known = row && (endOf(row, p.asset) ?? (await begun(p, row)))
  if (known) return known
  if (sent?.destination.kind !== 'custom') {
    return row ? keepFailed(p, id, 'never_sent', '') : { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, stuck: true }
  }
  try {
    // Also of one that this file has as announced alone: it may be an older copy.
    const made = await find(p.api, id, sent.destination.account)
    if (made) return keepEnd(p, id, made)
  } catch (error) {
    return unknown(error)
  }
  if (row) return keepFailed(p, id, 'never_sent', '')
  return { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, stuck: true, detail: 'the rail’s own file was lost, and Stripe does not know it' }
}

/** What becomes of one that was handed over and has no end yet; undefined of one that was announced alone. */
async function begun(p: Parts, { id, account, cents, sentAt }: AttemptRow): Promise<Outcome | undefined> {
  return account === null || cents === null || sentAt === null ? undefined : follow(p, id, { account, cents, sentAt })
}

async function follow(p: Parts, id: string, { account, cents, sentAt }: Sent): Promise<Outcome> {
  try {
    const made = await find(p.api, id, account)
    if (made) return keepEnd(p, id, made)
  } catch (error) {
    return unknown(error)
  }
  const age = p.now() - sentAt
  if (age < 0) return unknown('the clock was set back behind the time when it was sent')
  // Under the same key it is carried out once. When Stripe may have forgotten the key, the first request has long ended, and nothing stands there.
  return age < REPEAT_MS ? request(p, id, { account, cents }) : keepFailed(p, id, 'never_sent', '')
}

const isPayment = (account: string) => account.startsWith('pi_')

function find(api: StripeApi, id: string, account: string): Promise<Made | undefined> {
  return isPayment(account) ? api.refundOf(id, account) : api.transferOf(id)
}

async function request(p: Parts, id: string, { account, cents }: Omit<Sent, 'sentAt'>): Promise<Outcome> {
  const currency = p.asset.code.toLowerCase()
  try {
    if (!isPayment(account)) return keepEnd(p, id, await p.api.transfer({ id, account, cents, currency }))
    // A refund is in the currency of its payment, whatever we mean by the number.
    const charged = await p.api.currencyOf(account)
    if (charged !== currency) {
      const words = charged === undefined ? `there is no payment ${account}` : `the payment was in ${charged.toUpperCase()}`
      return keepFailed(p, id, 'invalid_destination', words)
    }
    return keepEnd(p, id, await p.api.refund({ id, payment: account, cents }))
  } catch (error) {
    const refusal = refusalOf(error)
    return refusal ? keepFailed(p, id, refusal.reason, refusal.detail) : unknown(error)
  }
}

function settled({ id, created }: Pick<Made, 'id' | 'created'>, asset: Asset): Outcome {
  return { kind: 'settled', evidence: { rail: STRIPE_RAIL, id, at: created * 1_000 }, fee: money(asset, 0n) }
}

function endOf({ made, madeAt, reason, detail }: AttemptRow, asset: Asset): Outcome | undefined {
  if (made !== null && madeAt !== null) return settled({ id: made, created: madeAt }, asset)
  return reason === null ? undefined : { kind: 'failed', reason, ...(detail ? { detail } : {}) }
}

/** What was made is the end of it, but for a refund that waits, or came to nothing. */
function keepEnd(p: Parts, id: string, made: Made): Outcome {
  const { status } = made
  if (status === 'failed' || status === 'canceled') return keepFailed(p, id, 'rejected_by_payee', `the refund is ${status}`)
  if (status === 'pending' || status === 'requires_action') {
    return { kind: 'unknown', checkAfterMs: REFUND_MS, detail: `the refund is ${status}` }
  }
  return keepMade(p, id, made)
}

function keepMade({ store, asset }: Parts, id: string, made: Made): Outcome {
  store.noteMade(id, made.id, made.created)
  return settled(made, asset)
}

function keepFailed({ store }: Parts, id: string, reason: FailureReason, detail: string): Outcome {
  store.noteFailed(id, reason, detail)
  return { kind: 'failed', reason, ...(detail ? { detail } : {}) }
}

/** What is not certain: Stripe was not heard, or did not say. */
function unknown(error: unknown): Outcome {
  const words = error instanceof Error ? error.message : String(error)
  return { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, silent: true, detail: words.slice(0, 300) }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
