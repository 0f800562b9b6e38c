import type { NanoUsd } from '../../costs/policy.ts'
import type { FailureReason } from '../../ports/outcome.ts'
import type { RailKind, RailName } from '../../ports/railName.ts'

/** Why a candidate cannot be tried: the rail's word, or what we know ourselves. */
export type Impossibility =
  | FailureReason
  | 'costs_more_than_not_paying' // the stop rule
  | 'slots_used' // the party, or all payments to the payee, hold as many Lightning slots as they may
  | 'fee_above_budget' // it costs more than the operator's policy lets a payment cost
  | 'fee_budget_used' // what the operator has set aside for fees is used, or held for tries that have no end
  | 'excluded_by_policy' // what its party says of how it is to be paid
  | 'not_served' // no rail here pays this kind of destination
  | 'no_answer' // the rail did not give its terms in time, or no name for the payment
  | 'rail_resting' // the rail gave no answers, so it is left alone for a while, and then tried with small payments first
  | 'rail_busy' // as many calls to the rail are under way as there may be
  | 'waits_for_planned' // the way that its batch's plan has for it is slow just now, and is waited for first
  | 'heals_later' // it failed, and may be tried again from a time on
  | 'rate_unavailable' // its asset cannot be priced now
  | 'too_late' // the payee would have good funds after the payout's deadline
  | 'amount_mismatch' // the destination demands another amount
  | 'amount_too_small' // nothing is left in the rail's smallest unit

/** One way to make the payout: a rail and one of the payee's destinations, by its place in the payout's list. */
type Way = Readonly<{ rail: RailName; destination: number }>
/** The same; only the kind of rail is known when no rail here pays such a destination. */
type ImpossibleWay = Readonly<{ rail: RailName | RailKind; destination: number }>

/**
 * What a way costs beside its fee, each where there is such a thing: what a chain takes for gas, at an upper quantile; its share of what a batch costs; a
 * conversion that the rail makes, in millionths; how far the two assets stray in the root of a second, in parts per billion; for how long the money is expected
 * to be locked beyond its arrival; what is expected to be lost when it comes back; by how much its party prefers others.
 */
export type Beside = Readonly<{
  gasNano?: NanoUsd
  batchShareNano?: NanoUsd
  conversionPpm?: bigint
  volatilityPpb?: bigint
  secondsLocked?: bigint
  reversalNano?: NanoUsd
  preferenceNano?: NanoUsd
}>

/** A rail's terms, all in nano-USD, seconds and millionths. `converted`: it pays in another asset than the one that is held. */
export type Possible = Way &
  Readonly<{
    kind: 'possible'
    feeNano: NanoUsd
    failureFeeNano: NanoUsd
    successPpm: bigint
    secondsToFunds: bigint
    secondsToFail: bigint
    availableNano: NanoUsd
    converted: boolean
    beside?: Beside
  }>

export type Candidate = Possible | (ImpossibleWay & Readonly<{ kind: 'impossible'; reason: Impossibility; detail: string }>)
