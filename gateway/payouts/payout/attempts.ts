import { unreachable } from '../../errors/invariant.ts'
import type { Fact } from '../../ports/books.ts'
import type { AttemptId } from '../../ports/ids.ts'
import type { Outcome } from '../../ports/outcome.ts'
import type { Turn } from '../health/health.ts'
import { type PayoutContext, submitStep } from '../payoutState/context.ts'
import { toFact } from '../payoutState/facts.ts'
import type { AttemptState, Payout, Quote, Ruling } from '../payoutState/payout.ts'
import { lookupDelayMs } from '../payoutState/policy.ts'
import { failAttempt, payByBook, settleAttempt } from './closeAttempt.ts'
import type { AttemptName } from './nameAttempt.ts'
import { isTooLate } from './nextEffect.ts'
import { askRail, handToRail, silence } from './reachRail.ts'
import { recordAttempt } from './recordAttempt.ts'
import { isWord, outcomeOfRuling } from './ruling.ts'

/** How often a try that its rail never received is handed over again under its own id. */
const RESENDS_MAX = 3

type Doubt = { asked: number; resent: number; sending: boolean }

/** Drives single tries. Answers in how many milliseconds to ask again, or undefined when the try has its outcome. */
export type Attempts = Readonly<{
  /**
   * `along`: facts about the payout that are not durable yet, and become so with the try; `payout` is as they make it. `free` is called when the rail has
   * acknowledged the try, and all that is left is to wait.
   */
  make(payout: Payout, quote: Quote, o: { along: readonly Fact[]; name: AttemptName; free: () => void }): Promise<number | undefined>
  lookup(payout: Payout, attempt: AttemptState, free: () => void): Promise<number | undefined>
  /** Ends it as operators say, unless its rail says something at last. */
  rule(payout: Payout, attempt: AttemptState, ruling: Ruling): Promise<number | undefined>
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

  function send(payout: Payout, attempt: AttemptState, o: { free: () => void; turn: Turn | undefined }): Promise<Outcome> {
    return handToRail(context, { payout, attempt, doubt: doubtOf(attempt.id), free: o.free, turn: o.turn })
  }

  async function act(payout: Payout, attempt: AttemptState, outcome: Outcome): Promise<number | undefined> {
    switch (outcome.kind) {
      case 'settled':
        await settleAttempt(context, payout, attempt, outcome)
        doubts.delete(attempt.id)
        return undefined
      case 'failed':
        await failAttempt(context, payout, attempt, outcome)
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
    const stuck = staysStuck(attempt, outcome)
    if (attempt.status !== 'unknown' || attempt.stuck !== stuck) {
      const data = { payout: payout.id, stuck, detail: outcome.detail ?? '' }
      await submitStep(context, { facts: [toFact({ type: 'attempt.unknown', id: attempt.id, at: clock.now(), data })] })
      if (stuck) log.error({ payout: payout.id, attempt: attempt.id, rail: attempt.rail }, 'the rail will not say; a person must ask')
    }
    const doubt = doubtOf(attempt.id)
    doubt.asked++
    return lookupDelayMs(policy, { checkAfterMs: outcome.checkAfterMs, asked: doubt.asked, stuck })
  }

  return {
    async make(payout, quote, { along, name, free }) {
      if (quote.rail === 'book') {
        await payByBook(context, payout, quote, { along, id: name.id })
        return undefined
      }
      const attempt = await recordOrLeave(context, payout, { ...quote, rail: quote.rail }, { along, name })
      return attempt && act(payout, attempt, await send(payout, attempt, { free, turn: name.turn }))
    },
    async lookup(payout, attempt, free) {
      const doubt = doubtOf(attempt.id)
      // The rail may have looked before our own call to it arrived, and its answer come after that has ended.
      const wasSending = doubt.sending
      const outcome = await askRail(context, payout, attempt)
      if (outcome.kind !== 'failed' || outcome.reason !== 'never_sent') return act(payout, attempt, outcome)
      // It has no record of it, but the call may be on its way still.
      if (wasSending || doubt.sending) return act(payout, attempt, silence('the call that sends it has not returned'))
      const fresh = clock.now() - attempt.sentAt <= policy.planFreshMs && !isTooLate(payout, clock.now())
      if (!fresh || doubt.resent >= RESENDS_MAX) return act(payout, attempt, outcome)
      doubt.resent++
      return act(payout, attempt, await send(payout, attempt, { free, turn: undefined }))
    },
    rule: async (payout, attempt, ruling) => act(payout, attempt, await ruledOutcome(context, { payout, attempt, ruling })),
  }
}

/** Records a try; one that is not recorded gives its turn back. */
async function recordOrLeave(
  context: PayoutContext,
  payout: Payout,
  quote: Parameters<typeof recordAttempt>[2],
  o: Parameters<typeof recordAttempt>[3],
): Promise<AttemptState | undefined> {
  let attempt: AttemptState | undefined
  try {
    attempt = await recordAttempt(context, payout, quote, o)
    return attempt
  } finally {
    if (!attempt) o.name.turn?.over()
  }
}

/** A rail that is not heard takes nothing back: persons who are about to end what is stuck are not shut out by a restart of the rail. */
function staysStuck(attempt: AttemptState, { stuck, silent }: Outcome & { kind: 'unknown' }): boolean {
  return stuck === true || (silent === true && attempt.stuck)
}

/** The rail is asked a last time: what it says itself is believed before persons. */
async function ruledOutcome(context: PayoutContext, o: { payout: Payout; attempt: AttemptState; ruling: Ruling }): Promise<Outcome> {
  const { payout, attempt, ruling } = o
  const told = await askRail(context, payout, attempt)
  if (!isWord(told)) return outcomeOfRuling(attempt, ruling)
  if (told.kind !== ruling.outcome) {
    const fields = { payout: payout.id, attempt: attempt.id, rail: attempt.rail, action: ruling.action, said: ruling.outcome }
    context.log.error(fields, 'a rail contradicts what operators say of an attempt, and is believed')
  }
  return told
}
