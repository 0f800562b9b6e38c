import { invariant, unreachable } from '../../errors/invariant.ts'
import { submitSurely } from '../../ledger/process/submitSurely.ts'
import { sameAsset } from '../../money/asset.ts'
import type { Fact } from '../../ports/books.ts'
import type { AttemptId } from '../../ports/ids.ts'
import type { Outcome } from '../../ports/outcome.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Attempt, Sender } from '../../ports/sender.ts'
import { failAttempt, payByBook, settleAttempt } from './closeAttempt.ts'
import { newEntry, type PayoutContext } from './context.ts'
import { withDeadline } from './deadline.ts'
import { reserveLegs } from './entries.ts'
import { type AttemptData, toFact, toMoneyData } from './facts.ts'
import { isTooLate } from './nextEffect.ts'
import type { AttemptState, Payout, Quote } from './payout.ts'
import { lookupDelayMs } from './policy.ts'

/** How often a try that its rail never received is handed over again under its own id. */
const RESENDS_MAX = 3
/** When a rail that does not answer in time is asked first. */
const SILENCE_CHECK_MS = 1_000

type Doubt = { asked: number; resent: number; sending: boolean }

/** Drives single tries. Answers in how many milliseconds to ask again, or undefined when the try has its outcome. */
export type Attempts = Readonly<{
  /** `along`: facts about the payout that are not durable yet, and become so with the try; `payout` is as they make it. */
  make(payout: Payout, quote: Quote, along?: readonly Fact[]): Promise<number | undefined>
  lookup(payout: Payout, attempt: AttemptState): Promise<number | undefined>
}>

export function createAttempts(context: PayoutContext): Attempts {
  const { policy, clock, log } = context
  /** What this process knows of tries without an outcome; a restart forgets it safely, because then nothing is being sent any more. */
  const doubts = new Map<AttemptId, Doubt>()

  function doubtOf(id: AttemptId): Doubt {
    const doubt = doubts.get(id) ?? { asked: 0, resent: 0, sending: false }
    doubts.set(id, doubt)
    return doubt
  }

  /** Hands a durable try to its rail. A send that outlives its deadline may still pay, so `sending` stays until the rail has answered. */
  async function send(payout: Payout, attempt: AttemptState): Promise<Outcome> {
    const doubt = doubtOf(attempt.id)
    const sender = senderOf(context, attempt)
    const { id, amount, feeMax } = attempt
    const order: Attempt = { id, amount, feeMax, destination: payout.destinations[attempt.destination]!, reference: payout.reference }
    const late = silence(`${attempt.rail} did not answer within ${policy.sendDeadlineMs} ms`)
    return withDeadline<Outcome, Outcome>({
      ms: policy.sendDeadlineMs,
      late,
      stop: context.stop,
      work: async (signal) => {
        doubt.sending = true
        try {
          return await sender.send(order, { signal })
        } catch (error) {
          // The port says that a sender never throws. One that does has not said no, so its word is: not certain.
          log.error({ attempt: id, error: String(error) }, 'a rail threw while sending')
          return silence('the rail broke while sending')
        } finally {
          doubt.sending = false
        }
      },
    })
  }

  async function ask(attempt: AttemptState): Promise<Outcome> {
    const late = silence(`${attempt.rail} did not answer within ${policy.lookupDeadlineMs} ms`)
    const sender = senderOf(context, attempt)
    return withDeadline<Outcome, Outcome>({
      ms: policy.lookupDeadlineMs,
      late,
      stop: context.stop,
      work: async () => {
        try {
          return await sender.lookup(attempt.id)
        } catch (error) {
          log.warn({ attempt: attempt.id, error: String(error) }, 'a rail could not look an attempt up')
          return silence('the rail could not look it up')
        }
      },
    })
  }

  async function act(payout: Payout, attempt: AttemptState, outcome: Outcome): Promise<number | undefined> {
    switch (outcome.kind) {
      case 'settled':
        await settleAttempt(context, payout, attempt, outcome)
        doubts.delete(attempt.id)
        return undefined
      case 'failed':
        await failAttempt(context, payout, attempt, { reason: outcome.reason, detail: outcome.detail ?? outcome.reason })
        doubts.delete(attempt.id)
        return undefined
      case 'unknown':
        return wait(payout, attempt, outcome)
      default:
        return unreachable(outcome)
    }
  }

  /** The fact is written when the doubt begins and when it gets or loses its `stuck`, not at every lookup. */
  async function wait(payout: Payout, attempt: AttemptState, outcome: Outcome & { kind: 'unknown' }): Promise<number> {
    const stuck = outcome.stuck === true
    if (attempt.status !== 'unknown' || attempt.stuck !== stuck) {
      const data = { payout: payout.id, stuck, detail: outcome.detail ?? '' }
      await submitSurely(context.books, { facts: [toFact({ type: 'attempt.unknown', id: attempt.id, at: clock.now(), data })] })
      if (stuck) log.error({ payout: payout.id, attempt: attempt.id, rail: attempt.rail }, 'the rail will not say; a person must ask')
    }
    const doubt = doubtOf(attempt.id)
    doubt.asked++
    return lookupDelayMs(policy, { checkAfterMs: outcome.checkAfterMs, asked: doubt.asked, stuck })
  }

  return {
    async make(payout, quote, along = []) {
      if (quote.rail === 'book') {
        await payByBook(context, payout, quote, along)
        return undefined
      }
      const attempt = await record(context, payout, { ...quote, rail: quote.rail }, along)
      return attempt && act(payout, attempt, await send(payout, attempt))
    },
    async lookup(payout, attempt) {
      const outcome = await ask(attempt)
      const doubt = doubtOf(attempt.id)
      if (outcome.kind !== 'failed' || outcome.reason !== 'never_sent') return act(payout, attempt, outcome)
      // The rail has no record of it, but our own call to it may still be on its way.
      if (doubt.sending) return act(payout, attempt, silence('the call that sends it has not returned'))
      const fresh = clock.now() - attempt.sentAt <= policy.planFreshMs && !isTooLate(payout, clock.now())
      if (!fresh || doubt.resent >= RESENDS_MAX) return act(payout, attempt, outcome)
      doubt.resent++
      return act(payout, attempt, await send(payout, attempt))
    },
  }
}

function silence(detail: string): Outcome & { kind: 'unknown' } {
  return { kind: 'unknown', checkAfterMs: SILENCE_CHECK_MS, detail }
}

function senderOf(context: PayoutContext, way: { rail: string; amount: { asset: { id: string } } }): Sender {
  const sender = context.senders.find((s) => s.rail === way.rail && s.asset.id === way.amount.asset.id)
  invariant(sender, `there is a sender for ${way.rail} in ${way.amount.asset.id}`)
  return sender
}

/** Makes the try durable, with its liquidity reserved, before the rail hears of it; undefined when the reservation was declined. */
async function record(
  context: PayoutContext,
  payout: Payout,
  quote: Quote & { rail: Exclude<RailName, 'book'> },
  along: readonly Fact[],
): Promise<AttemptState | undefined> {
  const { feesComeBy } = senderOf(context, quote)
  const id = context.ids.attempt()
  const feeHeld = feesComeBy === 'outcome' && quote.feeMax.units > 0n && sameAsset(quote.feeMax.asset, quote.amount.asset)
  const entry = newEntry(context, payout.id, reserveLegs(payout, quote, feeHeld))
  invariant(payout.decision, 'a try follows a decision')
  const data: AttemptData = {
    ...{ payout: payout.id, decision: payout.decision.id, rail: quote.rail, destination: quote.destination },
    ...{ amount: toMoneyData(quote.amount), feeMax: toMoneyData(quote.feeMax), feesComeBy, feeHeld },
  }
  const at = context.clock.now()
  const sent = toFact({ type: 'attempt.sent', id, at, data: { ...data, reservation: entry.id } })
  const outcome = await submitSurely(context.books, { facts: [...along, sent], entry })
  if (outcome.kind === 'declined') {
    const refusal = { reason: 'insufficient_liquidity' as const, detail: `its liquidity was taken by another payment: ${outcome.status}` }
    const declined = toFact({ type: 'attempt.declined', id, at, data: { ...data, ...refusal } })
    await submitSurely(context.books, { facts: [...along, declined] })
    return undefined
  }
  invariant(outcome.kind === 'applied' || outcome.kind === 'replayed', `a new attempt's entry has a new id: ${outcome.kind}`)
  const attempt = context.store.get(payout.id)?.attempts.at(-1)
  invariant(attempt?.id === id, `the fact of ${id} was told before its submission resolved`)
  return attempt
}
