import { type RouterPolicy, routerPolicy } from '../../costs/policy.ts'
import { ceilDivCount, max, min } from '../../money/integers.ts'
import { type FeePolicy, feePolicy } from '../fees/policy.ts'
import { type HealthPolicy, healthPolicy } from '../health/policy.ts'
import { type DecideInput, decide, type Plan } from '../router/decide.ts'
import { type PayoutLimits, payoutLimits } from './limits.ts'
import type { QuotedCandidate } from './quotedCandidate.ts'

/** Chooses the ways that are tried, and their order. `quoted` is the input's candidates, in their order, with what their rails said themselves. */
export type Decide = (input: DecideInput, quoted: readonly QuotedCandidate[]) => Plan

/** How payouts are driven. Times in milliseconds. */
export type PayoutPolicy = Readonly<{
  router: RouterPolicy
  /** The router's own `decide`, by least expected cost; what else could choose is measured against it. */
  decide: Decide
  fees: FeePolicy
  limits: PayoutLimits
  /** When a rail that does not answer is left alone. */
  health: HealthPolicy
  /** Payouts that may be open at once; one more is refused with `too_busy`. */
  openMax: number
  /**
   * Payouts that are worked on at once in each lane; the others queue. There is a lane for each set of kinds of rail that payouts may go by. One that waits for
   * its next lookup, or that its rail has acknowledged, does not count.
   */
  lanes: number
  /** How long a plan's terms and rates may be acted on. */
  planFreshMs: number
  estimateDeadlineMs: number
  sendDeadlineMs: number
  /** A try that its rail has not answered for so long gives its place in the lane to others. */
  sendHoldsLaneMs: number
  lookupDeadlineMs: number
  /** The rail says when to ask again, within these bounds. */
  lookupMinMs: number
  lookupMaxMs: number
  /** After so many answers of `unknown` the interval doubles with each, up to its bound. */
  lookupsBeforeBackoff: number
  /** How long to wait when the books are too busy. */
  retryMs: number
  /** The longest between two plans of a payout whose ways are all shut for now. */
  replanMaxMs: number
  /** How long a payout of a batch waits for the way that is planned for it, where that is slow or busy and another is dearer. */
  waitForPlannedMs: number
  /** How long a way rests that failed for want of what others may give back, before it is tried once more. */
  healLaterMs: number
  /** When the copy was made that the books were restored from (ms): what was done after it is not in them. */
  restoredFrom: number | undefined
}>

export const payoutPolicy: PayoutPolicy = {
  router: routerPolicy,
  decide,
  fees: feePolicy,
  limits: payoutLimits,
  health: healthPolicy,
  openMax: 10_000,
  lanes: 64,
  planFreshMs: 60_000,
  estimateDeadlineMs: 3_000,
  sendDeadlineMs: 30_000,
  sendHoldsLaneMs: 1_000,
  lookupDeadlineMs: 5_000,
  lookupMinMs: 50,
  lookupMaxMs: 60_000,
  lookupsBeforeBackoff: 20,
  retryMs: 1_000,
  replanMaxMs: 300_000,
  waitForPlannedMs: 30_000,
  healLaterMs: 30_000,
  restoredFrom: undefined,
}

/** When to plan anew a payout of this age whose ways are all shut for now: at first soon, then ever less often. */
export function replanDelayMs({ retryMs, replanMaxMs }: PayoutPolicy, ageMs: number): number {
  return min(max(ceilDivCount(ageMs, 4), retryMs), replanMaxMs)
}

/** When to ask again, after `asked` lookups that did not tell. */
export function lookupDelayMs(policy: PayoutPolicy, o: { checkAfterMs: number; asked: number; stuck: boolean }): number {
  const { lookupMinMs, lookupMaxMs } = policy
  if (o.stuck) return lookupMaxMs
  let delay = max(o.checkAfterMs, lookupMinMs)
  for (let extra = o.asked - policy.lookupsBeforeBackoff; extra > 0 && delay < lookupMaxMs; extra--) delay *= 2
  return min(delay, lookupMaxMs)
}
