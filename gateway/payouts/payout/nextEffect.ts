import { nextOpening } from '../deciding/healing.ts'
import { oddsAfter } from '../learning/families.ts'
import {
  type AttemptState,
  type FailureCode,
  isUnheard,
  openAttempt,
  type Payout,
  passingReasons,
  type Quote,
  type Ruling,
  triesOf,
} from '../payoutState/payout.ts'
import { mayBePaid } from './afterRestore.ts'

/** Tries with those that the rail never heard of, so that a rail that never hears is not asked for ever. */
const ATTEMPTS_MAX = 20

/** What is to be done next. */
export type Effect =
  | Readonly<{ kind: 'none' }>
  | Readonly<{ kind: 'decide' }>
  | Readonly<{ kind: 'waitUntil'; at: number }>
  | Readonly<{ kind: 'attempt'; quote: Quote }>
  | Readonly<{ kind: 'lookup'; attempt: AttemptState }>
  | Readonly<{ kind: 'rule'; attempt: AttemptState; ruling: Ruling }>
  | Readonly<{ kind: 'fail'; code: FailureCode }>
  | Readonly<{ kind: 'endParts'; parts: readonly Payout[] }>

/**
 * `attemptsMax`: tries in all; `planFreshMs`: how long a plan's terms and rates may be acted on; `restoredFrom`: when the copy was made that the books were
 * restored from.
 */
export type EffectLimits = Readonly<{ attemptsMax: number; planFreshMs: number; restoredFrom?: number | undefined }>

/** A pair that has no rate for so long has none: what waits for nothing else ends, and the money is its source's again. */
const RATE_WAIT_MS = 86_400_000

/**
 * Decides the next step from the facts alone, and of a payout in parts from its `parts`. While a try has no outcome, the only step is to ask for it, or to
 * end it as operators say.
 */
export function nextEffect(payout: Payout, now: number, limits: EffectLimits, parts: readonly Payout[] = []): Effect {
  if (payout.status !== 'open') return { kind: 'none' }
  if (payout.parts) return parts.every(({ status }) => status !== 'open') ? { kind: 'endParts', parts } : { kind: 'none' }
  const open = openAttempt(payout)
  if (open) return open.ruling ? { kind: 'rule', attempt: open, ruling: open.ruling } : { kind: 'lookup', attempt: open }
  const { decision, attempts } = payout
  // What may have been paid is not told as failed: it rests until its next try can be planned, or the operator has looked through the books.
  const code = payout.cancelAsked ? 'canceled' : attempts.length > 0 ? 'attempts_failed' : 'no_rail'
  const failed: Effect = mayBePaid(payout, limits.restoredFrom) ? { kind: 'none' } : { kind: 'fail', code }
  if (payout.cancelAsked) return failed
  if (payout.sendAt !== undefined && now < payout.sendAt) return { kind: 'waitUntil', at: payout.sendAt }
  if (triesOf(payout) >= limits.attemptsMax || attempts.length >= ATTEMPTS_MAX || isTooLate(payout, now)) return failed
  if (!decision) return { kind: 'decide' }
  const made = attempts.filter((a) => a.decision === decision.id)
  const quote = decision.order[made.length]
  // A plan that is used up is made anew when no rail has heard of its last try: a crash cut it off, or another payment had the fee.
  const last = made.at(-1)
  const cutOff = !quote && last !== undefined && (isUnheard(last) || isPlanTried(payout))
  // Ways that failed and wait for their time are waited for as long as no other is open, and asked no sooner.
  const shut = passingReasons(decision)
  const opensAt = !quote && shut.length > 0 && shut.every((reason) => reason === 'heals_later') ? nextOpening(payout, now) : undefined
  if (opensAt !== undefined) return { kind: 'waitUntil', at: opensAt }
  // So is an old one: a rail may be back.
  if (cutOff || now - decision.at > limits.planFreshMs) return { kind: 'decide' }
  // And one whose last try may be made again with a change, or says something of those behind it.
  if (
    last?.failure?.again ||
    (quote && last?.failure && changesOdds(last, [...decision.order.slice(made.length), ...(decision.aside ?? [])]))
  )
    return { kind: 'decide' }
  const unpriced = decision.unpricedSince !== undefined && now - decision.unpricedSince > RATE_WAIT_MS
  if (!quote && shut.length > 0 && !unpriced) return { kind: 'decide' }
  return quote ? { kind: 'attempt', quote } : failed
}

/** True of a part that was tried by the way that it was planned for and by no other: the others are looked at now. */
function isPlanTried({ way, attempts }: Payout): boolean {
  return way !== undefined && attempts.every(({ rail, destination }) => rail === way.rail && destination === way.destination)
}

/** True when a try that failed, for its reason, makes one of these ways less likely to pay. */
function changesOdds({ rail, destination, failure }: AttemptState, ways: readonly Pick<Quote, 'rail' | 'destination'>[]): boolean {
  const reason = failure?.reason
  return reason !== undefined && ways.some((way) => oddsAfter({ rail, destination, reason }, way) < 1)
}

/** True when no try of this payout may begin any more. */
export function isTooLate(payout: Payout, now: number): boolean {
  return payout.sendBy !== undefined && now > payout.sendBy
}
