import type { NanoUsd } from '../../costs/policy.ts'
import { allocate } from '../../money/allocate.ts'
import { max } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { EntryId, NetId, PayoutId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { Evidence } from '../../ports/outcome.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Destination } from '../../ports/sender.ts'

/** When a net closes: the first of these that is reached by any member's wish. `unitsMax` counts the net's asset, `ageMsMax` since that member joined. */
export type NetBounds = Readonly<{ unitsMax: bigint; countMax: number; ageMsMax: number }>

/** One payout that waits for others. `hold` is the entry whose leg 0 reserves `amount` on `source`. */
export type Member = Readonly<{
  id: PayoutId
  source: AccountPath
  amount: Money
  reference: string
  metadata?: Metadata
  createdBy: string
  createdAt: number
  hold: EntryId
  /** What it took when it joined. */
  claims: readonly string[]
}>

/** `model`: waiting for one more did not pay any more. */
export type CloseReason = 'amount' | 'count' | 'age' | 'model'

/** `aloneNano`: what the members were expected to cost one by one; `togetherNano`: as one payment. Undefined when the rails gave no terms then. */
type Closed = Readonly<{
  at: number
  payout: PayoutId
  reason: CloseReason
  aloneNano: NanoUsd | undefined
  togetherNano: NanoUsd | undefined
}>

type Paid = Readonly<{ rail: RailName; fee: Money; evidence: Evidence }>

/** Payouts to one destination in one asset, as the journal's facts make them. `payment` is the state of the one payout; `ended` when its end is booked. */
export type Net = Readonly<{
  id: NetId
  destination: Destination
  members: readonly Member[]
  bounds: Readonly<{ unitsMax: bigint; countMax: number; closeBy: number }>
  closed: Closed | undefined
  payment: 'none' | 'open' | 'unknown' | 'settled' | 'failed'
  paid: Paid | undefined
  ended: boolean
  /** What it had paid came back, and its members have it. */
  returned: boolean
}>

export function totalOf({ members }: Pick<Net, 'members'>): Money {
  const first = members[0]!.amount
  return money(
    first.asset,
    members.reduce((sum, m) => sum + m.amount.units, 0n),
  )
}

/** Divides an amount over the members by what each pays, to the unit; in their order. */
export function sharesOf({ members }: Pick<Net, 'members'>, units: bigint): bigint[] {
  return allocate(
    units,
    members.map((m) => m.amount.units),
  )
}

/** What was expected to be saved; never below zero, because a payment of all that costs more is still one that was wanted. */
export function savedNano({ closed }: Net): NanoUsd | undefined {
  if (closed?.aloneNano === undefined || closed.togetherNano === undefined) return undefined
  return max(closed.aloneNano - closed.togetherNano, 0n)
}
