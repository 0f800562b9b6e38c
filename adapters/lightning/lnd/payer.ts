import type { AuthenticatedLnd } from 'lightning'
import type { Asset } from '../../../gateway/money/asset.ts'
import type { Clock } from '../../../gateway/ports/clock.ts'
import type { FailureReason, Outcome } from '../../../gateway/ports/outcome.ts'
import {
  type AttemptRow,
  attemptById,
  attemptForHash,
  begunAttempts,
  recordBegun,
  recordFailed,
  recordNoHtlcSince,
  recordRefused,
  recordSettled,
} from './attempts.ts'
import { faultOf, messageOf } from './lndCall.ts'
import { lookUpPayment, type Sight } from './lookUp.ts'
import { verdictOn } from './outcomeTable.ts'
import { callPay, hashOf, type PayOrder } from './payCall.ts'
import type { LndStore } from './store.ts'
import { endedOutcome, msOf, stuckOutcome, unknownOutcome } from './translate.ts'

/** How long a caller of `pay` is kept waiting; the payment goes on, and is looked up. LND's own timeout is for finding routes and is no deadline. */
const PAY_WAIT_MS = 30_000
/** Payments without an outcome at once: 60 % of one channel's 483 slots, because what fills them fails for want of "balance". */
const IN_FLIGHT_MAX = 289
/** Where LND has no record of a hash: so long after the call was made or lost, none can come any more. */
const ABSENT_IS_FINAL_AFTER_MS = 5_000
/** A payment between two states has no HTLC for a moment; one that has none for so long is stuck. */
const STUCK_AFTER_MS = 30_000

export type Payer = Readonly<{
  /** An attempt that was begun is followed, and never judged by its destination again: its invoice may have expired since. */
  knows: (id: string) => boolean
  /** Never throws. Pays a hash once, whoever asks, and gives up waiting, not the payment, when the signal aborts. */
  pay: (order: PayOrder, signal: AbortSignal) => Promise<Outcome>
  /** As `pay`, of an attempt that is known. */
  follow: (id: string, signal: AbortSignal) => Promise<Outcome>
  lookup: (id: string) => Promise<Outcome>
  /** Attempts without an outcome, and which of them LND will not end by itself. */
  underWay: () => readonly (AttemptRow & Readonly<{ stuck: boolean }>)[]
}>

type Parts = Readonly<{
  lnd: AuthenticatedLnd
  store: LndStore
  asset: Asset
  clock: Clock
  log: (line: string) => void
  /** Where LND found no route, what stood in its way. */
  explain: (order: PayOrder) => Promise<Readonly<{ reason: FailureReason; detail: string }>>
  /** The channels that payments may leave by; all when absent. */
  outgoingChannels?: readonly string[]
}>

/** Sends payments and finds out what became of them. */
export function createPayer(parts: Parts): Payer {
  const { store, asset, clock, lnd } = parts
  /** Pay calls of this process that have not ended, by attempt. */
  const running = new Map<string, Promise<void>>()
  /** When the pay call of an attempt ended; a call of an earlier process ended when this one opened. */
  const lostAt = new Map<string, number>()
  const openedAt = clock.now()

  const outcomeNow = async (id: string): Promise<Outcome> => {
    const attempt = attemptById(store, id)
    if (!attempt) return { kind: 'failed', reason: 'never_sent', detail: 'this rail has no record of the attempt' }
    return endedOutcome(attempt, asset) ?? (await askLnd(attempt))
  }
  const askLnd = async (attempt: AttemptRow): Promise<Outcome> => {
    const sight = await lookUpPayment(lnd, attempt.paymentHash)
    const outcome = take(parts, attempt, sight, { running: running.has(attempt.id), lostAt: lostAt.get(attempt.id) ?? openedAt })
    await store.committed()
    // The pay call may have ended while we asked.
    const after = attemptById(store, attempt.id)
    return (after && endedOutcome(after, asset)) ?? outcome
  }
  const begin = (order: PayOrder): AttemptRow | undefined => {
    const { paymentHash, preimage } = hashOf(order.payee)
    const { id, amountMsat, feeMaxMsat, payee } = order
    const destination = payee.kind === 'invoice' ? payee.text : payee.nodeId
    const terms = { id, paymentHash, amountMsat, feeMaxMsat, destination, preimage }
    const other = attemptForHash(store, paymentHash)
    const refused = (reason: FailureReason, detail: string) => recordRefused(store, terms, { reason, detail, at: clock.now() })
    if (other) refused('already_used', `attempt ${other.id} pays this invoice and is ${other.state}`)
    else if (running.size >= IN_FLIGHT_MAX) refused('rejected_by_rail', `${IN_FLIGHT_MAX} payments are in flight, which is the limit`)
    else recordBegun(store, terms, clock.now())
    return attemptById(store, id)
  }
  const run = async (order: PayOrder, attempt: AttemptRow): Promise<void> => {
    try {
      await store.committed()
      await judged(order, attempt)
      await store.committed()
    } finally {
      running.delete(attempt.id)
      lostAt.set(attempt.id, clock.now())
    }
  }
  /** Only what the pay call itself throws is judged by the table: an error of ours must never read as LND's word. */
  const judged = async (order: PayOrder, attempt: AttemptRow): Promise<void> => {
    const { outgoingChannels } = parts
    const said = await callPay(lnd, order, { attempt, ...(outgoingChannels ? { outgoingChannels } : {}) }).catch(faultOf)
    if ('preimage' in said) return recordSettled(store, attempt.id, { ...said, at: clock.now() })
    const { means, verdict } = verdictOn(said)
    if (verdict.kind === 'failed') return fail(order, attempt, verdict.reason, `${means} (${said.details || said.message})`)
    parts.log(`lightning: attempt ${attempt.id}: ${means} (${said.message}); looking it up`)
  }
  const fail = async (order: PayOrder, attempt: AttemptRow, reason: FailureReason, detail: string) => {
    const why = reason === 'no_route' ? await parts.explain(order) : { reason, detail }
    recordFailed(store, attempt.id, { ...why, at: clock.now() })
  }

  const follow = async (id: string, signal: AbortSignal): Promise<Outcome> => {
    try {
      const call = running.get(id)
      if (call && !(await endedWithin(call, PAY_WAIT_MS, signal))) return unknownOutcome('the payment is under way')
      await store.committed()
      return await outcomeNow(id)
    } catch (error) {
      return unknownOutcome(messageOf(error))
    }
  }
  return {
    knows: (id) => attemptById(store, id) !== undefined,
    follow,
    pay: async (order, signal) => {
      if (attemptById(store, order.id)) return follow(order.id, signal)
      if (signal.aborted) return unknownOutcome('the caller stopped waiting before it was sent')
      try {
        const attempt = begin(order)
        if (attempt?.state === 'begun') running.set(attempt.id, run(order, attempt))
      } catch (error) {
        return unknownOutcome(messageOf(error))
      }
      return follow(order.id, signal)
    },
    lookup: async (id) => {
      try {
        return await outcomeNow(id)
      } catch (error) {
        return unknownOutcome(messageOf(error))
      }
    },
    underWay: () => begunAttempts(store).map((attempt) => ({ ...attempt, stuck: isStuck(attempt, clock.now()) })),
  }
}

/** Writes down what a look-up saw, as far as it is LND's last word, and says what is known now. */
function take({ store, asset, clock }: Parts, attempt: AttemptRow, sight: Sight, call: { running: boolean; lostAt: number }): Outcome {
  const now = clock.now()
  const { id } = attempt
  if (sight.kind !== 'no_htlc' && attempt.noHtlcSince !== undefined) recordNoHtlcSince(store, id, undefined)
  switch (sight.kind) {
    case 'settled':
      recordSettled(store, id, sight)
      break
    case 'failed':
      recordFailed(store, id, { ...sight, at: now })
      break
    case 'absent':
      if (call.running || now - call.lostAt < ABSENT_IS_FINAL_AFTER_MS) return unknownOutcome('LND has no record of it yet')
      recordFailed(store, id, { reason: 'never_sent', detail: 'LND has no record of this payment hash', at: now })
      break
    case 'no_htlc':
      if (attempt.noHtlcSince === undefined) recordNoHtlcSince(store, id, BigInt(now))
      return isStuck(attempt, now) ? stuckOutcome(sight.detail) : unknownOutcome(sight.detail)
    default:
      return unknownOutcome(sight.detail)
  }
  const ended = attemptById(store, id)
  return (ended && endedOutcome(ended, asset)) ?? unknownOutcome('its end is being written down')
}

function isStuck(attempt: AttemptRow, now: number): boolean {
  return attempt.noHtlcSince !== undefined && now - msOf(attempt.noHtlcSince) >= STUCK_AFTER_MS
}

/** False when the wait ended before the work. */
function endedWithin(work: Promise<void>, waitMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = () => end(false)
    const timer = setTimeout(stop, waitMs)
    const end = (done: boolean) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      resolve(done)
    }
    if (signal.aborted) return end(false)
    signal.addEventListener('abort', stop, { once: true })
    work.then(
      () => end(true),
      () => end(true),
    )
  })
}
