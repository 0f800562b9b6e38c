import { isDeepStrictEqual } from 'node:util'
import { createValuer, type Valuer } from '../../costs/valuer.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import type { StepAnswer, Steps } from '../../ledger/process/drive.ts'
import { max, min } from '../../money/integers.ts'
import { asPlanned } from '../deciding/asPlanned.ts'
import { quoteCandidates } from '../deciding/candidates.ts'
import { inTime } from '../deciding/inTime.ts'
import { makeDecision } from '../deciding/makeDecision.ts'
import { partsData, partsOf } from '../deciding/partsOf.ts'
import { lookAt } from '../deciding/waitForCheaper.ts'
import { lookAgainMs, waitForPlanned } from '../deciding/waitForPlanned.ts'
import { withLearned } from '../deciding/withLearned.ts'
import { withPolicy } from '../deciding/withPolicy.ts'
import { type PayoutContext, submitStep } from '../payoutState/context.ts'
import { evolve } from '../payoutState/evolve.ts'
import { type PayoutFact, toFact } from '../payoutState/facts.ts'
import type { Payout, Quote } from '../payoutState/payout.ts'
import { type PayoutPolicy, replanDelayMs } from '../payoutState/policy.ts'
import type { QuotedCandidate } from '../payoutState/quotedCandidate.ts'
import { isLightning } from '../payoutState/whom.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import { failPayout } from './closeAttempt.ts'
import { nameAttempt, withoutUnnamed } from './nameAttempt.ts'
import { type Effect, type EffectLimits, nextEffect } from './nextEffect.ts'
import { endParts, partPayout } from './partPayout.ts'

/** Timers of Node end at 2^31 ms; a payout is looked at long before. */
const LOOK_MS_MAX = 3_600_000

/** What each step of a payout does. */
export function payoutSteps(context: PayoutContext): Steps<Payout, Effect> {
  const attempts = createAttempts(context)
  return {
    none: () => 'wait',
    waitUntil: (_, { at }) => min(max(at - context.clock.now(), 0), LOOK_MS_MAX),
    decide: (payout, _, free) => unlessTaken(context, payout, () => decideFor(context, attempts, payout, free)),
    attempt: (payout, { quote }, free) => unlessTaken(context, payout, () => attemptNow(context, attempts, { payout, quote, free })),
    lookup: (payout, { attempt }, free) => unlessTaken(context, payout, () => attempts.lookup(payout, attempt, free)),
    rule: (payout, { attempt, ruling }) => unlessTaken(context, payout, () => attempts.rule(payout, attempt, ruling)),
    endParts: (payout, { parts }) =>
      unlessTaken(context, payout, async () => {
        await endParts(context, payout, parts)
        return 'wait'
      }),
    fail: (payout, { code }) =>
      unlessTaken(context, payout, async () => {
        await failPayout(context, payout, code)
        return 'wait'
      }),
  }
}

export function limitsOf({ router, planFreshMs, restoredFrom }: PayoutPolicy): EffectLimits {
  return { attemptsMax: router.attemptsMax, planFreshMs, restoredFrom }
}

/** Refusals after which nothing was taken, and the rail has heard of nothing. */
const TRIED_AGAIN = ['too_busy', 'ledger_unavailable', 'rail_unavailable'] as const

/**
 * A full queue, a cluster that is silent and a rail that could not be told took nothing, so the step is taken again later, from the facts as they stand then.
 * Any other refusal of the books says that they have stopped or are closed: the payout rests until the next start, which reads what stands.
 */
async function unlessTaken({ policy, log }: PayoutContext, { id }: Payout, step: () => Promise<StepAnswer>): Promise<StepAnswer> {
  try {
    return await step()
  } catch (error) {
    if (TRIED_AGAIN.some((code) => isGatewayError(error, code))) return policy.retryMs
    if (!isGatewayError(error)) throw error
    // Books that have stopped say so to their owner, who ends the process.
    log.error({ payout: id, error: String(error) }, 'a payout cannot go on; it is taken up again at the next start')
    return 'wait'
  }
}

/** The next way of a plan that stands. Where its rail cannot name it now, the plan is made anew. */
async function attemptNow(
  context: PayoutContext,
  attempts: Attempts,
  { payout, quote, free }: { payout: Payout; quote: Quote; free: () => void },
): Promise<StepAnswer> {
  const { load, policy } = context
  if (quote.rail === 'lightning' && !load.takeSlot(payout)) return policy.retryMs
  const name = nameAttempt(context, payout, quote)
  if ('reason' in name) return decideFor(context, attempts, payout, free)
  try {
    return await attempts.make(payout, quote, { along: [], name, free })
  } finally {
    load.leaveSlot(payout.id)
  }
}

/** Makes a plan, and its first try: one commit makes both durable, because the try follows from the plan alone. */
async function decideFor(context: PayoutContext, attempts: Attempts, payout: Payout, free: () => void): Promise<StepAnswer> {
  const slot = !payout.destinations.some(isLightning) || context.load.takeSlot(payout)
  try {
    return await planAndTry(context, attempts, { payout, slot, free })
  } finally {
    context.load.leaveSlot(payout.id)
  }
}

async function planAndTry(
  context: PayoutContext,
  attempts: Attempts,
  { payout, slot, free }: { payout: Payout; slot: boolean; free: () => void },
): Promise<StepAnswer> {
  const { policy } = context
  const valuer = createValuer(context.rates, context.usd)
  if (payout.destinations.some(({ kind }) => kind !== 'party')) await context.feeBudget.open(payout.behalf)
  let quoted = inTime(payout, await quoteCandidates(payout, { ...context, valuer, slot }), context.clock.now())
  // Estimates take their time; who closes meanwhile begins nothing, and who wants it not to be paid is heard.
  if (context.stop.aborted || context.records.get(payout.id)?.cancelAsked) return undefined
  let plan = planFrom(context, payout, { quoted, valuer })
  const look = lookAt(payout, plan.made.data, context.clock.now())
  if (look.kind === 'wait') {
    if (look.lowest) await submitStep(context, { facts: [toFact(look.lowest)] })
    return look.ms
  }
  const timed = (made: typeof plan.made) => toFact(look.timing ? { ...made, data: { ...made.data, timing: look.timing } } : made)
  // Each turn shuts a way, so there are no more turns than ways.
  while (plan.next.kind === 'attempt') {
    const { decided, made, next } = plan
    const name = nameAttempt(context, decided, next.quote)
    if ('id' in name) return attempts.make(decided, next.quote, { along: [timed(made)], name, free })
    quoted = withoutUnnamed(quoted, next.quote, name)
    plan = planFrom(context, payout, { quoted, valuer })
  }
  const { decided, made, next } = plan
  // What is too much for each way may be none too much for several.
  const tooMuch =
    next.kind === 'fail' || quoted.some(({ candidate }) => candidate.kind === 'impossible' && candidate.reason === 'heals_later')
  const parts = tooMuch && (await partsOf({ ...context, valuer }, payout, { quoted, slot }))
  if (parts && !context.stop.aborted && !context.records.get(payout.id)?.cancelAsked) {
    const parted = { ...made, data: { ...made.data, parts: partsData(payout, parts) } }
    if (await partPayout(context, payout, { parts, along: [toFact(parted)] })) return 'wait'
  }
  // A plan that says what the last one said is no news, and whoever waits for a rail would fill the journal with it.
  const again = next.kind === 'decide' && isDeepStrictEqual(reasonsOf(payout), reasonsOf(decided))
  if (!again) await submitStep(context, { facts: [toFact(made)] })
  if (next.kind !== 'decide') return undefined
  return lookAgainMs(decided, waitingIn(policy, made.at)) ?? replanDelayMs(policy, made.at - payout.createdAt)
}

/** A plan by these terms, the payout as it makes it, and what is to be done then. */
function planFrom(context: PayoutContext, payout: Payout, o: { quoted: readonly QuotedCandidate[]; valuer: Valuer }) {
  const { policy, clock, ids } = context
  const { quoted: all, router, rule } = withPolicy(context, payout, withLearned(context, payout, o))
  const { quoted, planned } = asPlanned(payout, plannedFirst(payout, all))
  const about = { valuer: o.valuer, decide: policy.decide, router, ...(rule && { rule }), ...(planned && { planned }) }
  const best = makeDecision(payout, quoted, about)
  const waiting = waitForPlanned(payout, { quoted, data: best }, { ...waitingIn(policy, clock.now()), router })
  const data = waiting ? makeDecision(payout, waiting, about) : best
  const made: PayoutFact & { type: 'decision.made' } = { type: 'decision.made', id: ids.decision(), at: clock.now(), data }
  const decided = evolve(payout, made)
  return { made, decided, next: nextEffect(decided, made.at, limitsOf(policy)) }
}

/** Within which times a payout waits for the way that is planned for it. */
function waitingIn({ waitForPlannedMs, retryMs }: PayoutPolicy, now: number) {
  return { now, waitMsMax: waitForPlannedMs, lookMs: retryMs }
}

/** A part is tried by the way that it was planned for while that is open: what the others could pay may be planned for its fellows. */
function plannedFirst({ way }: Payout, quoted: readonly QuotedCandidate[]): readonly QuotedCandidate[] {
  const own = quoted.filter(
    ({ candidate: { kind, rail, destination } }) => kind === 'possible' && rail === way?.rail && destination === way.destination,
  )
  return own.length > 0 ? own : quoted
}

function reasonsOf({ decision }: Payout) {
  return decision?.refusals.map(({ rail, destination, reason }) => [rail, destination, reason])
}
