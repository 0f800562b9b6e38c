import { max } from '../../money/integers.ts'
import type { ClaimStep } from './facts.ts'
import type { OwedRow } from './rowRecords.ts'

/** What comes in gathers for so long. */
const GATHER_MS = 600_000
/** From then on it is fetched when its gas is a hundredth of what it brings, at most. */
const VALUE_OVER_COST_MIN = 100n
/** What has waited for so long is fetched when it brings more than its gas costs. Less than that is never fetched by itself. */
const OLD_MS = 7 * 86_400_000
/** After a failure; twice as long each time. */
const RETRY_MS = { first: 60_000, most: 86_400_000 }
const DOUBLINGS_MAX = 11

/** Units of the chain's token: what the row is owed, what it would be owed of what is undivided, and the gas of either step. */
export type RowSums = Readonly<{
  owed: bigint
  undivided: bigint
  cost: Readonly<Record<ClaimStep, bigint>>
  since: Pick<OwedRow, 'hub' | 'receiver'>
}>

/** `small`: its gas is not worth it yet. */
type NextStep = ClaimStep | 'gathering' | 'small' | 'nothing'

/** What is worth doing for a row now. What stands in the receiver is swept first, where that and the claim after it are worth their gas. */
export function nextStep({ owed, undivided, cost, since }: RowSums, now: number): NextStep {
  if (owed + undivided === 0n) return 'nothing'
  const hubMs = now - (since.hub ?? now)
  const receiverMs = now - (since.receiver ?? now)
  const isSwept = isWorth(undivided, cost.sweep, receiverMs) && isWorth(owed + undivided, cost.sweep + cost.claim, receiverMs)
  if (isSwept) return 'sweep'
  if (isWorth(owed, cost.claim, hubMs)) return 'claim'
  return max(hubMs, receiverMs) < GATHER_MS ? 'gathering' : 'small'
}

/** Not before this time (ms) is a row looked at: its oldest part has gathered, and what failed is not repeated at once. */
export function dueAt(row: OwedRow): number {
  const gathered = (sinceOf(row) ?? 0) + GATHER_MS
  if (row.failures === 0) return gathered
  const waitMs = RETRY_MS.first * 2 ** (row.failures > DOUBLINGS_MAX ? DOUBLINGS_MAX : row.failures - 1)
  return max(gathered, row.failedAt + (waitMs > RETRY_MS.most ? RETRY_MS.most : waitMs))
}

/** Since when (ms) the oldest of what a row is owed waits. */
export function sinceOf({ hub, receiver }: Pick<OwedRow, 'hub' | 'receiver'>): number | undefined {
  if (hub === undefined || receiver === undefined) return hub ?? receiver
  return hub < receiver ? hub : receiver
}

function isWorth(gain: bigint, cost: bigint, ageMs: number): boolean {
  if (gain === 0n || ageMs < GATHER_MS) return false
  return gain >= cost * VALUE_OVER_COST_MIN || (ageMs >= OLD_MS && gain > cost)
}
