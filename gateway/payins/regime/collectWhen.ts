import type { NanoUsd, RouterPolicy } from '../../costs/policy.ts'
import { costOfWaiting } from '../../costs/waiting.ts'
import { max, min } from '../../money/integers.ts'

/** What collecting costs now: `beside` of a transaction beside what is in it, and `row` of each authorization in it. */
export type CollectionCost = Readonly<{ beside: NanoUsd; row: NanoUsd }>

/**
 * Authorizations that wait together, in sums: `rows` of them worth `worth`; `since` is the sum of the times (ms) since when they wait, `worthSince` the same,
 * each times its worth. `endsAt`: when the first of them has to be on its way; `oldest`: since when the first of them waits.
 */
export type Pile = Readonly<{ rows: number; worth: NanoUsd; since: number; worthSince: bigint; oldest: number; endsAt: number }>

/** The operator's: what collecting may cost, in millionths of what it brings, and how long it is put off at most. */
export type HoldPolicy = Readonly<{ shareMaxPpm: bigint; holdMs: number }> & Pick<RouterPolicy, 'waitNanoPerSecond' | 'capitalPptPerSecond'>

/** - `ends_soon`, `held_long`: time is over, at any price. - `full`: more company saves nothing. - `waiting_costs_more`: than company could save still.
 *  - `company_may_come`, `too_dear`: not yet; the second says that it would cost more than its share.
 */
export type HoldReason = 'ends_soon' | 'held_long' | 'full' | 'waiting_costs_more' | 'company_may_come' | 'too_dear'

/** `waited`: what waiting has cost so far; `sharePpm`: what collecting now costs of what it brings. `latest`: when it goes at any price. */
export type HoldDecision = Readonly<{
  collect: boolean
  because: HoldReason
  waited: NanoUsd
  cost: NanoUsd
  sharePpm: bigint
  latest: number
}>

/** So many go in one transaction: the next would begin another. */
export const FULL_ROWS = 100
const PPM = 1_000_000n
const MS_PER_S = 1_000n

/**
 * Whether what is held is collected now. As the acknowledgement of packets (Dooly, Goldman and Scott, 1998): a transaction goes as soon as waiting has cost as
 * much as it costs beside its rows, so whatever comes, waiting and transactions cost at most twice the best in hindsight. What would cost more than its share
 * of what it brings waits on for company or a lower price, until its time is over.
 */
export function collectWhen(pile: Pile, cost: CollectionCost, o: HoldPolicy & Readonly<{ now: number }>): HoldDecision {
  const { rows, worth, endsAt, oldest } = pile
  const whole = cost.beside + cost.row * BigInt(rows)
  const waited = waitedBy(pile, o)
  const sharePpm = worth > 0n ? (whole * PPM) / worth : PPM
  const latest = min(endsAt, oldest + o.holdMs)
  const decided = (collect: boolean, because: HoldReason): HoldDecision => ({ collect, because, waited, cost: whole, sharePpm, latest })
  if (o.now >= endsAt) return decided(true, 'ends_soon')
  if (o.now >= latest) return decided(true, 'held_long')
  if (sharePpm > o.shareMaxPpm) return decided(false, 'too_dear')
  if (rows >= FULL_ROWS) return decided(true, 'full')
  return waited >= cost.beside ? decided(true, 'waiting_costs_more') : decided(false, 'company_may_come')
}

function waitedBy({ rows, worth, since, worthSince }: Pile, o: HoldPolicy & Readonly<{ now: number }>): NanoUsd {
  // A clock may have been put back.
  const ms = max(0n, BigInt(rows * o.now - since))
  const worthMs = max(0n, worth * BigInt(o.now) - worthSince)
  return costOfWaiting(
    { seconds: 1n, amountSeconds: worthMs / MS_PER_S },
    { ...o, waitNanoPerSecond: (o.waitNanoPerSecond * ms) / MS_PER_S },
  )
}
