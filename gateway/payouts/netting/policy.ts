import { routerPolicy } from '../../costs/policy.ts'
import type { WaitPolicy } from './timing.ts'

/** How nets are driven. */
export type NetPolicy = Readonly<{
  /** Payouts in one net at most: each is one leg of an entry, which has 250. */
  countMax: number
  /** Longest that a payout may wait for others, in ms. */
  ageMsMax: number
  /** Nets that may be open at once; one more is refused with `too_busy`. */
  openMax: number
  /** Nets that are worked on at once; the others queue. */
  lanes: number
  /** What waiting costs. */
  waiting: WaitPolicy
  /** How long to wait when the books are too busy, in ms. */
  retryMs: number
}>

export const netPolicy: NetPolicy = {
  countMax: 200,
  ageMsMax: 86_400_000,
  openMax: 10_000,
  lanes: 16,
  waiting: routerPolicy,
  retryMs: 1_000,
}
