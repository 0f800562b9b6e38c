import type { AuthenticatedLnd } from 'lightning'
import type { Asset } from '../../../../gateway/money/asset.ts'
import type { Clock } from '../../../../gateway/ports/clock.ts'
import type { FailureReason, Outcome } from '../../../../gateway/ports/outcome.ts'
import { faultOf, messageOf } from '../node/lndCall.ts'
import type { LndStore } from '../node/store.ts'
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
import { createKeysendKeys, type KeysendKeys } from './keysendKeys.ts'
import { lookUpPayment, type Sight } from './lookUp.ts'
import { verdictOn } from './outcomeTable.ts'
import { callPay, type PayOrder } from './payCall.ts'
import { endedOutcome, msOf, silentOutcome, stuckOutcome, unknownOutcome } from './translate.ts'

/** How long a caller of `pay` is kept waiting; the payment goes on, and is looked up. LND's own timeout is for finding routes and is no deadline. */
const PAY_WAIT_MS = 30_000
/** Payments without an outcome at once: 60 % of one channel's 483 slots, because what fills them fails for want of "balance". */
const IN_FLIGHT_MAX = 289
/** So long after a pay call was lost LND has heard it, or never will. */
const HEARD_BY_THEN_MS = 5_000
/** A pay call that still runs after so long has been heard: by then a link that swallows packets has been ended, and the call with it. */
const CALL_HEARD_MS = 120_000
/** A payment between two states has no HTLC for a moment; one that has none for so long is stuck. */
const STUCK_AFTER_MS = 30_000

export type Payer = Readonly<{
  /** An attempt that was begun is followed, and never judged by its destination again: its invoice may have expired since. */
  knows: (id: string) => boolean
  /**
   * Never throws. Pays a hash once, whoever asks, and gives up waiting, not the payment, when the signal aborts. `acknowledged`: called when the attempt is
   * durable, and LND is asked to pay it.
   */
  pay: (order: PayOrder, signal: AbortSignal, acknowledged?: () => void) => Promise<Outcome>
  /** As `pay`, of an attempt that is known. */
  follow: (id: string, signal: AbortSignal, acknowledged?: () => void) => Promise<Outcome>
  /** `sent` is what the journal knows of it, for a file that does not. */
  lookup: (id: string, sent?: SentTerms) => Promise<Outcome>
  /** What a payment without an invoice will be known by. */
  keysendHash: () => string
  /** Attempts without an outcome, and which of them LND will not end by itself. */
  underWay: () => readonly (AttemptRow & Readonly<{ stuck: boolean }>)[]
}>

/** An attempt as the journal has it; the hash is undefined where nobody wrote it down. */
export type SentTerms = Readonly<{ paymentHash: string | undefined; amountMsat: bigint; feeMaxMsat: bigint; destination: string }>

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

/** What a payer remembers of its own pay calls; the rest is in the file. */
type Context = Parts &
  Readonly<{
    /** Pay calls of this process that have not ended, by attempt. */
    running: Map<string, Promise<void>>
    /** When the pay call of an attempt ended without saying what became of it. A call of an earlier process ended when this one opened. */
    lostAt: Map<string, number>
    /** When the pay call of an attempt began. */
    calledAt: Map<string, number>
    keysends: KeysendKeys
    openedAt: number
  }>

/** Sends payments and finds out what became of them. */
export function createPayer(parts: Parts): Payer {
  const { store, clock } = parts
  const context: Context = {
    ...parts,
    running: new Map(),
    lostAt: new Map(),
    calledAt: new Map(),
    keysends: createKeysendKeys(),
    openedAt: clock.now(),
  }
  /** Nothing of ours that goes wrong may read as an outcome. */
  const orUnknown = (work: () => Promise<Outcome>): Promise<Outcome> => work().catch((error: unknown) => silentOutcome(messageOf(error)))
  const follow: Payer['follow'] = (id, signal, acknowledged) => orUnknown(() => followAttempt(context, id, signal, acknowledged))
  return {
    knows: (id) => attemptById(store, id) !== undefined,
    follow,
    pay: async (order, signal, acknowledged) => {
      if (attemptById(store, order.id)) return follow(order.id, signal, acknowledged)
      if (signal.aborted) return unknownOutcome('the caller stopped waiting before it was sent')
      return orUnknown(async () => {
        const attempt = begin(context, order)
        if (attempt?.state === 'begun') context.running.set(attempt.id, run(context, order, attempt))
        return followAttempt(context, order.id, signal, acknowledged)
      })
    },
    lookup: (id, sent) => orUnknown(() => outcomeNow(context, id, sent)),
    keysendHash: context.keysends.make,
    underWay: () => begunAttempts(store).map((attempt) => ({ ...attempt, stuck: isStuck(attempt, clock.now()) })),
  }
}

/** Writes the attempt down, or a refusal of ours. */
function begin({ store, clock, running, keysends }: Context, order: PayOrder): AttemptRow | undefined {
  const { id, amountMsat, feeMaxMsat, payee } = order
  const key = payee.kind === 'invoice' ? { paymentHash: payee.invoice.paymentHash, preimage: undefined } : keysends.take(order.paymentHash)
  const paymentHash = key?.paymentHash ?? order.paymentHash ?? ''
  const destination = payee.kind === 'invoice' ? payee.text : payee.nodeId
  const terms = { id, paymentHash, amountMsat, feeMaxMsat, destination, preimage: key?.preimage }
  const other = attemptForHash(store, paymentHash)
  const refused = (reason: FailureReason, detail: string) => recordRefused(store, terms, { reason, detail, at: clock.now() })
  if (!key) refused('never_sent', 'the process that made its preimage ended before it was sent')
  else if (other) refused('already_used', `attempt ${other.id} pays this invoice and is ${other.state}`)
  else if (running.size >= IN_FLIGHT_MAX) refused('rejected_by_rail', `${IN_FLIGHT_MAX} payments are in flight, which is the limit`)
  else recordBegun(store, terms, clock.now())
  return attemptById(store, id)
}

async function run(context: Context, order: PayOrder, attempt: AttemptRow): Promise<void> {
  const { store, clock, running, lostAt, calledAt } = context
  calledAt.set(attempt.id, clock.now())
  try {
    await store.committed()
    await payAndJudge(context, order, attempt)
    await store.committed()
  } finally {
    running.delete(attempt.id)
    calledAt.delete(attempt.id)
    if (attemptById(store, attempt.id)?.state === 'begun') lostAt.set(attempt.id, clock.now())
  }
}

/** Only what the pay call itself throws is judged by the table: an error of ours must never read as LND's word. */
async function payAndJudge(context: Context, order: PayOrder, attempt: AttemptRow): Promise<void> {
  const { lnd, store, clock, outgoingChannels, explain, log } = context
  const said = await callPay(lnd, order, { attempt, ...(outgoingChannels ? { outgoingChannels } : {}) }).catch(faultOf)
  if ('preimage' in said) return recordSettled(store, attempt.id, { ...said, at: clock.now() })
  const { means, verdict } = verdictOn(said)
  if (verdict.kind === 'look_up') return log(`lightning: attempt ${attempt.id}: ${means} (${said.message}); looking it up`)
  const { reason } = verdict
  const why = reason === 'no_route' ? await explain(order) : { reason, detail: `${means} (${said.details || said.message})` }
  recordFailed(store, attempt.id, { ...why, at: clock.now() })
}

async function followAttempt(context: Context, id: string, signal: AbortSignal, acknowledged?: () => void): Promise<Outcome> {
  const call = context.running.get(id)
  if (call) void context.store.committed().then(acknowledged, () => undefined)
  if (call && !(await endedWithin(call, PAY_WAIT_MS, signal))) return unknownOutcome('the payment is under way')
  await context.store.committed()
  return outcomeNow(context, id)
}

async function outcomeNow(context: Context, id: string, sent?: SentTerms): Promise<Outcome> {
  const { store, asset, lnd, running, lostAt } = context
  const attempt = attemptById(store, id)
  if (!attempt) return outcomeByJournal(context, id, sent)
  const known = endedOutcome(attempt, asset)
  if (known) return known
  const sight = await lookUpPayment(lnd, attempt.paymentHash)
  const outcome = take(context, attempt, sight)
  await store.committed()
  // The pay call may have ended while we asked; and one that never says so is not waited for once LND has been heard.
  const after = attemptById(store, id)
  const ended = after && endedOutcome(after, asset)
  if (ended) {
    running.delete(id)
    lostAt.delete(id)
  }
  return ended ?? outcome
}

/**
 * The file has no record of it: it was never sent, or the file is empty or an older one. LND knows it by the hash that the journal keeps, and what LND
 * knows of is written down again. Without the hash nobody can say, and so nobody does.
 */
async function outcomeByJournal(context: Context, id: string, sent: SentTerms | undefined): Promise<Outcome> {
  const { store, clock, lnd } = context
  if (!sent) return { kind: 'failed', reason: 'never_sent', detail: 'this rail has no record of the attempt' }
  const { paymentHash } = sent
  if (paymentHash === undefined) return stuckOutcome('neither the journal nor the file of this rail knows its payment hash')
  const sight = await lookUpPayment(lnd, paymentHash)
  if (sight.kind === 'silent') return silentOutcome(sight.detail)
  if (sight.kind === 'absent') {
    if (!isHeard(context, id)) return unknownOutcome('LND has no record of it yet')
    return { kind: 'failed', reason: 'never_sent', detail: 'LND has no record of its payment hash' }
  }
  recordBegun(store, { ...sent, id, paymentHash, preimage: undefined }, clock.now())
  return outcomeNow(context, id)
}

/**
 * Writes down what a look-up saw, as far as it is LND's last word on this attempt, and says what is known now. A failure, or the want of a record, may be
 * of the time before LND heard the call, such as an earlier attempt's.
 */
function take(context: Context, attempt: AttemptRow, sight: Sight): Outcome {
  const { store, asset, clock } = context
  const [{ id }, now] = [attempt, clock.now()]
  if (sight.kind === 'silent') return silentOutcome(sight.detail)
  const final = isHeard(context, id)
  if (sight.kind !== 'no_htlc' && attempt.noHtlcSince !== undefined) recordNoHtlcSince(store, id, undefined)
  if (sight.kind === 'settled' && sight.amountMsat === attempt.amountMsat) recordSettled(store, id, sight)
  else if (sight.kind === 'settled') recordFailed(store, id, { ...anotherPayment(sight), at: now })
  else if (sight.kind === 'failed' && final) recordFailed(store, id, { ...sight, at: now })
  else if (sight.kind === 'absent' && final)
    recordFailed(store, id, { reason: 'never_sent', detail: 'LND has no record of this payment hash', at: now })
  else if (sight.kind === 'no_htlc') {
    if (attempt.noHtlcSince === undefined) recordNoHtlcSince(store, id, BigInt(now))
    return isStuck(attempt, now) ? stuckOutcome(sight.detail) : unknownOutcome(sight.detail)
  } else return unknownOutcome(sight.kind === 'absent' ? 'LND has no record of it yet' : sight.detail)
  const ended = attemptById(store, id)
  return (ended && endedOutcome(ended, asset)) ?? unknownOutcome('its end is being written down')
}

/** An invoice that leaves its amount open was paid another amount, by somebody else at this node: LND pays a hash once, so it did not pay this attempt. */
function anotherPayment({ amountMsat }: Extract<Sight, { kind: 'settled' }>): Readonly<{ reason: FailureReason; detail: string }> {
  return { reason: 'already_used', detail: `LND has paid this hash ${amountMsat} msat before, which was another payment` }
}

/** Whether LND has heard the pay call of an attempt by now, if it ever does: some time after the call was lost, or long after it began. */
function isHeard({ clock, running, lostAt, calledAt, openedAt }: Context, id: string): boolean {
  const now = clock.now()
  if (running.has(id)) return now - (calledAt.get(id) ?? now) >= CALL_HEARD_MS
  return now - (lostAt.get(id) ?? openedAt) >= HEARD_BY_THEN_MS
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
