import type { FailureReason, RailName } from '../ports/outcome.ts'
import type { NanoUsd } from './policy.ts'

/** Why a candidate cannot be tried: the rail's word, or what we know ourselves. */
export type Impossibility =
  | FailureReason
  | 'costs_more_than_not_paying' // the stop rule
  | 'not_served' // no rail here pays this kind of destination
  | 'no_answer' // the rail did not give its terms in time
  | 'rate_unavailable' // its asset cannot be priced now
  | 'amount_mismatch' // the destination demands another amount
  | 'amount_too_small' // nothing is left in the rail's smallest unit

/** One way to make the payout: a rail and one of the payee's destinations, by its place in the payout's list. */
type Way = Readonly<{ rail: RailName; destination: number }>

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
  }>

export type Candidate = Possible | (Way & Readonly<{ kind: 'impossible'; reason: Impossibility; detail: string }>)
