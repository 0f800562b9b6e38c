import type { NanoUsd } from '../../costs/policy.ts'
import type { Money } from '../../money/money.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { AttemptId, DecisionId, EntryId, PayoutId, QuoteId, SuspenseActionId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { Evidence } from '../../ports/outcome.ts'
import type { RailKind, RailName } from '../../ports/railName.ts'
import type { ReturnMeaning } from '../../ports/returnMeaning.ts'
import type { Change, Destination } from '../../ports/sender.ts'
import type { Behalf } from '../fees/purses.ts'
import type { Impossibility } from '../router/candidate.ts'

/**
 * Who bears a fee. `own` is the operator's part, which comes first, and `partyMax` what the party has promised to bear of what is above it; both in units
 * of the fee's asset. `ownUsd` is the operator's part in units of USD, as the purses count it.
 */
export type FeeShares = Readonly<{ own: bigint; ownUsd: bigint; partyMax: bigint }>

/**
 * One way of a plan, with what it sends in the rail's asset and the most that it may cost there. `shares`: undefined where nothing is charged. `changed`: what
 * it has otherwise than the first try of the same way; absent in that.
 */
export type Quote = Readonly<{
  rail: RailName
  destination: number
  amount: Money
  feeMax: Money
  shares: FeeShares | undefined
  changed?: readonly Change[]
}>

/** The same way may be tried again with this change, from then on (ms). */
export type Again = Readonly<{ change: Change; at: number }>

/** Why a way was not taken, or what became of it. */
export type Refusal = Readonly<{ rail: RailName | RailKind; destination: number; reason: Impossibility; detail: string }>

/** What operators say became of a try that its rail will not end: who, why, and what shows it. `action` is what they asked for. Time in ms. */
export type Ruling = Readonly<{
  outcome: 'settled' | 'failed'
  action: SuspenseActionId
  by: string
  approvedBy?: string
  reason: string
  evidence?: string
  at: number
}>

/**
 * One try on one rail. `reservation` is the entry that holds its liquidity, with the fee's hold as leg 1 when `feeHeld`, and behind them what it takes
 * from so many `purses`. `sent` has no outcome yet; `unknown` is what the rail, or its silence, said of it. `railKey` is what the rail knows it by, where
 * that is not the id. `doubt` is why it is `unknown`, in the rail's words; `ruling` what persons say of it.
 */
export type AttemptState = Quote &
  Readonly<{
    id: AttemptId
    decision: DecisionId
    sentAt: number
    reservation: EntryId | undefined
    feesComeBy: 'outcome' | 'stream'
    feeHeld: boolean
    purses: number
    railKey?: string
    status: 'sent' | 'unknown' | 'settled' | 'failed'
    stuck: boolean
    doubt: string | undefined
    ruling: Ruling | undefined
    failure: Readonly<{ reason: Impossibility; detail: string; again?: Again }> | undefined
    settled: Readonly<{ evidence: Evidence; fee: Money }> | undefined
  }>

/**
 * What a person must see to. The money left in each case, so it is settled all the same.
 * - `fee_not_booked`: the rail took more than its limit, and its account does not cover the excess.
 * - `hold_lost`: the payout's hold was gone; `transit:payout` shows what the source still owes.
 * - `not_booked`: no leg could be booked; the attempt's reservation stands and `inFlight` names it.
 */
export type PayoutException = 'fee_not_booked' | 'hold_lost' | 'not_booked'

/**
 * `order` is what is to be tried, best first; `refusals` is why the rest is not; `aside` is what failures of those may tell of besides. `unpricedSince`: since
 * when nothing but a rate has been missing, in ms; absent when more is missing or nothing. `waitsSince`: since when it waits for the way that its batch's plan
 * has for it (ms).
 */
export type Decision = Readonly<{
  id: DecisionId
  at: number
  order: readonly Quote[]
  refusals: readonly Refusal[]
  aside?: readonly PartWay[]
  unpricedSince?: number
  waitsSince?: number
}>

/** Why a way is shut for now and not for good: a plan that has no other is made anew later, and ends no payout but for a rate that never comes. */
const PASSING: readonly Impossibility[] = [
  'no_answer',
  'rail_resting',
  'rail_busy',
  'rate_unavailable',
  'slots_used',
  'fee_budget_used',
  'heals_later',
  'waits_for_planned',
]

/** Why ways are shut that may open again. */
export function passingReasons({ refusals }: Pick<Decision, 'refusals'>): readonly Impossibility[] {
  return refusals.map(({ reason }) => reason).filter((reason) => PASSING.includes(reason))
}

/** Who bears a fee that was fixed beforehand: who pays the amount besides, or who is paid so much less. */
export type FeeBearer = 'payer' | 'payee'
/** What a quote has promised the payee of a payout. */
export type Promised = Readonly<{ quote: QuoteId; amount: Money }>
export type FailureCode = 'no_rail' | 'attempts_failed' | 'canceled'

/** The way that a part was planned for: the others look whether it pays before they are tried. */
export type PartWay = Readonly<{ rail: RailName; destination: number }>

/**
 * The way by which the plan of its batch has it paid. Another one is preferred where it costs less by more than `preferNano`: what the row gives up for its
 * fellows, and some room for prices that move. `costNano`: what a success was expected to cost; absent in plans before 2026-11-25.
 */
export type PlannedWay = PartWay & Readonly<{ preferNano: NanoUsd; costNano?: NanoUsd }>

/** What became of a payout in parts: all of it was paid, some of it, or nothing; or all that was paid came back. */
export type PartsOutcome = 'settled' | 'partly_settled' | 'failed' | 'returned'

/** A part that came back: its units, in the payout's asset, are paid no more. What its source was given for it the part says. */
type PartBack = Readonly<{ id: PayoutId; units: bigint }>

/** A payout as the journal's facts make it. `hold` is the entry that reserves `amount` on `source`, in its leg `holdLeg`. */
export type Payout = Readonly<{
  id: PayoutId
  source: AccountPath
  amount: Money
  destinations: readonly Destination[]
  reference: string
  metadata?: Metadata
  createdBy: string
  createdAt: number
  /** No try is made before it (ms). */
  sendAt?: number
  /** A way whose payee would have good funds after it (ms) is not tried. */
  deliverBy?: number
  /** It waits for the cheapest time until `deliverBy`; `lowestNano` is the lowest price that it has seen. */
  cheapest?: true
  lowestNano?: NanoUsd
  /** Somebody wants it not to be paid. */
  cancelAsked?: true
  /** `feeMax` is what its source is charged then, whatever its rail takes. */
  feeBearer?: FeeBearer
  /** What its payee gets, in the asset of the rail, whatever a rate says by then; no way that pays another asset is tried. */
  promised?: Promised
  /** No try is made, and none handed over again, after it (ms): what waits for this payout must know its end in time. */
  sendBy: number | undefined
  /** For whom it is made: whose fee budget, lanes and limits it counts for. */
  behalf: Behalf
  /** What its source bears of a fee above the operator's budget at most, in the asset of `amount`: the next leg of the hold when it is not zero. */
  feeMax: bigint
  /** What the operator bears of its fees at most, in that asset; absent where the policy alone says it. */
  ownFeeMax?: bigint
  hold: EntryId
  /** Leg 0 when absent. */
  holdLeg?: number
  /** In so many parts it may be paid at most; absent where it is paid whole or not at all. */
  partsMax?: number
  /** What it is a part of, and the way that it was planned for. */
  partOf?: PayoutId
  way?: PartWay
  /** What the plan of its batch says of its first try. */
  planned?: PlannedWay
  /** The payouts that pay it, with the units of each; its hold is theirs. */
  parts?: readonly Readonly<{ id: PayoutId; units: bigint }>[]
  /** Those of its parts, and of theirs, that came back. */
  partsBack?: readonly PartBack[]
  /** What its parts have paid, once each has its end, and what has not come back. */
  paid?: Money
  /** `returned`: it was paid, and what it paid came back and was given to where it came from. `partly_settled`: some of its parts were paid. */
  status: 'open' | 'settled' | 'partly_settled' | 'failed' | 'returned'
  decision: Decision | undefined
  attempts: readonly AttemptState[]
  exceptions: readonly PayoutException[]
  failure: Readonly<{ code: FailureCode; refusals: readonly Refusal[] }> | undefined
  returned: PayoutReturn | undefined
}>

/** `amount` came back, in the rail's asset; `credited` is what its source was given for it; `reason` is the rail's own code. Times in ms. */
export type PayoutReturn = Readonly<{
  at: number
  amount: Money
  credited: Money
  reason: string | undefined
  meaning: ReturnMeaning | undefined
}>

const UNHEARD: readonly Impossibility[] = ['never_sent', 'fee_budget_used']

/** True of a try that no rail has heard of: it has cost nothing, and the same way may be tried again. */
export function isUnheard({ failure }: AttemptState): boolean {
  return failure !== undefined && UNHEARD.includes(failure.reason)
}

/** True of a try that our own books declined: nothing was reserved for it, so no rail was told of it. */
export function isDeclined({ status, reservation, rail }: AttemptState): boolean {
  return status === 'failed' && reservation === undefined && rail !== 'book'
}

/** Tries that a rail may have heard of. */
export function triesOf({ attempts }: Payout): number {
  return attempts.filter((attempt) => !isUnheard(attempt)).length
}

/** The try whose outcome decides what comes next, when there is one. */
export function openAttempt(payout: Payout): AttemptState | undefined {
  const last = payout.attempts.at(-1)
  return last && (last.status === 'sent' || last.status === 'unknown') ? last : undefined
}

/** What ways were tried or turned down, for a person. */
export function refusalsOf(payout: Payout): Refusal[] {
  const tried = payout.attempts.flatMap(({ rail, destination, failure }): Refusal[] =>
    failure ? [{ rail, destination, reason: failure.reason, detail: failure.detail }] : [],
  )
  return [...tried, ...(payout.decision?.refusals ?? [])]
}
