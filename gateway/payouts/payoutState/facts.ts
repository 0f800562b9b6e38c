import type { Asset } from '../../money/asset.ts'
import type { Money } from '../../money/money.ts'
import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { AttemptId, DecisionId, EntryId, PayoutId, QuoteId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { Evidence } from '../../ports/outcome.ts'
import type { RailKind, RailName } from '../../ports/railName.ts'
import type { ReturnMeaning } from '../../ports/returnMeaning.ts'
import type { Change, Destination } from '../../ports/sender.ts'
import type { Behalf } from '../fees/purses.ts'
import type { Impossibility } from '../router/candidate.ts'
import type { Again, FailureCode, FeeBearer, FeeShares, PartsOutcome, PartWay, PayoutException, Refusal, Ruling } from './payout.ts'

/** An amount in the journal: units as a decimal string, and the whole asset, so that it can be read without a table. */
export type MoneyData = Readonly<{ asset: Asset; units: string }>
/** Absent where nothing is charged, and in journals from before fees had budgets. */
type SharesData = Readonly<{ shares?: Readonly<{ own: string; ownUsd: string; partyMax: string }> }>
export type TermsData = Readonly<Record<string, string>>

/** A candidate as it was judged. Costs are decimal strings of nano-USD. */
export type CandidateData = SharesData &
  Readonly<{
    rail: RailName | RailKind
    destination: number
    verdict: 'chosen' | 'dearer' | 'cut' | 'impossible'
    rank?: number
    amount?: MoneyData
    feeMax?: MoneyData
    /** What it has otherwise than the first try of the same way, where that has failed. */
    changed?: readonly Change[]
    /** The chance that was reckoned with, and what the rail itself said where that is another; decisions before 2026-11-25 took the rail's word. */
    successPpm?: string
    railPpm?: string
    /** Until the payee has good funds, on the rail's own calendar; decisions before 2026-11-24 have none. */
    secondsToFunds?: string
    /** What the rail itself said of that time, and of its fee in nano-USD, where what was learned or the operator's list says another. */
    railSeconds?: string
    railFeeNano?: string
    /** Until a failure is known, and what the rail could send: inputs of the judgement. */
    secondsToFail?: string
    availableNano?: string
    terms?: TermsData
    dearerByNano?: string
    reason?: Impossibility
    detail?: string
  }>

export type RateData = Readonly<{ from: string; to: string; num: string; den: string; observedAt: number; source: string }>

export type DecisionData = Readonly<{
  payout: PayoutId
  amount: MoneyData
  worthNano: string
  attemptsMax: number
  candidates: readonly CandidateData[]
  order: readonly number[]
  /** What may be tried after a failure that tells of ways behind it, and is not in that order; absent where there is no such thing. */
  aside?: readonly number[]
  expectedNano: string
  lostNano: string
  wouldChangeIf?: Readonly<{ term: string; termNano: string; mustRiseByNano: string; inFavourOf?: number }>
  rates: readonly RateData[]
  /** The prices of time that it was judged by, and what trying the cheapest fee first was expected to cost; decisions before 2026-11-24 have neither. */
  prices?: Readonly<{ waitNanoPerSecond: string; capitalPptPerSecond: string }>
  cheapestFirstNano?: string
  /** The routing policy of its party, where it has one. */
  policy?: Readonly<{ party: string; version: number }>
  /** What the plan of its batch said of it, where this is the plan of its first try. */
  planned?: PlannedData
  /** The parts in which it is paid, where it is too much for each way, and what each is expected to cost. */
  parts?: readonly Readonly<{ rail: RailName; destination: number; amount: MoneyData; costNano: string }>[]
  /** Why it was sent now, where it waited for the cheapest time until `by` (ms), and the lowest price that it had seen. */
  timing?: TimingData
}>

export type TimingData = Readonly<{
  by: number
  why: 'nothing_can_be_cheaper' | 'low_enough' | 'last_time'
  costNano: string
  lowestNano?: string
}>
export type PlannedData = Readonly<{ rail: RailName; destination: number; preferNano: string; costNano?: string }>
export type PromisedData = Readonly<{ quote: QuoteId; amount: MoneyData }>

type QuoteData = SharesData &
  Readonly<{ rail: RailName; destination: number; amount: MoneyData; feeMax: MoneyData; changed?: readonly Change[] }>
/** `again`: with what change the same way may be tried next; absent where it may not, and in failures before 2026-11-25. */
type FailureData = Readonly<{ reason: Impossibility; detail: string; again?: Again }>

export type AttemptData = QuoteData &
  Readonly<{
    payout: PayoutId
    decision: DecisionId
    feesComeBy: 'outcome' | 'stream'
    feeHeld: boolean
    purses?: number
    reservation?: EntryId
    /** What the rail knows the try by where that is not its id: a payment hash. */
    railKey?: string
  }>

/**
 * Every fact that this room writes. `attempt.declined`: its liquidity could not be reserved, so it was never sent. `attempt.ruled`: operators end a try that
 * its rail will not end.
 */
export type PayoutFact =
  | FactOf<
      'payout.created',
      PayoutId,
      Readonly<{
        source: string
        amount: MoneyData
        destinations: readonly Destination[]
        reference: string
        createdBy: string
        hold: EntryId
        claims: readonly string[]
        /** No try is made before it (ms); absent where one may be at once. */
        sendAt?: number
        /** The payee has good funds by then (ms), or no try is made. */
        deliverBy?: number
        /** It waits for the cheapest time until then. */
        cheapest?: true
        /** Who bears the fee that was fixed when it was made, which is `feeMax` then; absent where the operator does. */
        feeBearer?: FeeBearer
        /** What a quote has promised its payee, in the asset of the rail; absent where a rate says it when it is sent. */
        promised?: PromisedData
        /** No try is made after it (ms); absent where none is. */
        sendBy?: number
        /** For whom it is made; its source itself when absent. */
        behalf?: Behalf
        /** Units that its source bears of a fee above the operator's budget; none when absent. */
        feeMax?: string
        /** Units that the operator bears of its fees at most; what the policy says when absent. */
        ownFeeMax?: string
        metadata?: Metadata
        /** In so many parts it may be paid at most, where it is too much for each way; in none when absent. */
        partsMax?: number
        /** The payout that it is a part of, the way that it was planned for, and which leg of `hold` holds its amount. */
        partOf?: PayoutId
        way?: PartWay
        holdLeg?: number
        /** The way by which the plan of its batch has it paid, and by how much another must cost less; absent of what is in no batch. */
        planned?: PlannedData
      }>
    >
  /** It is paid in parts, each a payout of its own that takes over so many units of its hold. */
  | FactOf<'payout.parted', PayoutId, Readonly<{ parts: readonly Readonly<{ id: PayoutId; amount: MoneyData }>[] }>>
  /** Each part has its end: `paid` left, and `released` is its source's again. `back`: parts that came back before it, whose amounts are in neither. */
  | FactOf<
      'payout.parts_ended',
      PayoutId,
      Readonly<{ outcome: PartsOutcome; paid: MoneyData; released: MoneyData; back?: readonly PayoutId[] }>
    >
  /** A part of it came back: `amount` is paid no more, and `credited` is what its source was given. `outcome`: what the payout is by then. */
  | FactOf<
      'payout.part_returned',
      PayoutId,
      Readonly<{ part: PayoutId; amount: MoneyData; credited: MoneyData; outcome: PartsOutcome | 'open' }>
    >
  | FactOf<'decision.made', DecisionId, DecisionData>
  | FactOf<'attempt.sent', AttemptId, AttemptData>
  | FactOf<'attempt.declined', AttemptId, AttemptData & FailureData>
  | FactOf<'attempt.unknown', AttemptId, Readonly<{ payout: PayoutId; stuck: boolean; detail: string }>>
  | FactOf<'attempt.ruled', AttemptId, Readonly<{ payout: PayoutId }> & Omit<Ruling, 'at'>>
  | FactOf<'attempt.failed', AttemptId, Readonly<{ payout: PayoutId }> & FailureData>
  | FactOf<'attempt.settled', AttemptId, Readonly<{ payout: PayoutId; evidence: Evidence; fee: MoneyData }>>
  | FactOf<
      'payout.settled',
      PayoutId,
      Readonly<{ attempt: AttemptId; rail: RailName; evidence: Evidence; fee: MoneyData; exceptions: readonly PayoutException[] }>
    >
  /** It waits for a cheaper time, and this is the lowest price that it has seen so far, in nano-USD. */
  | FactOf<'payout.price_seen', PayoutId, Readonly<{ costNano: string }>>
  /** Somebody wants it not to be paid; it is not, unless a try was on its way. */
  | FactOf<'payout.cancel_asked', PayoutId, Readonly<{ by: string }>>
  | FactOf<'payout.failed', PayoutId, Readonly<{ code: FailureCode; refusals: readonly Refusal[] }>>
  /** What it had paid came back. `amount` is what came, in the rail's asset; `credited` what its source was given. */
  | FactOf<
      'payout.returned',
      PayoutId,
      Readonly<{ attempt: AttemptId; settlement: string; amount: MoneyData; credited: MoneyData; reason?: string; meaning?: ReturnMeaning }>
    >

const kinds = factKinds<PayoutFact>({
  'payout.created': true,
  'payout.parted': true,
  'payout.parts_ended': true,
  'payout.part_returned': true,
  'decision.made': true,
  'attempt.sent': true,
  'attempt.declined': true,
  'attempt.unknown': true,
  'attempt.ruled': true,
  'attempt.failed': true,
  'attempt.settled': true,
  'payout.settled': true,
  'payout.price_seen': true,
  'payout.cancel_asked': true,
  'payout.failed': true,
  'payout.returned': true,
})

export const toFact = kinds.write
export const readFact = kinds.read

/** The payout that a fact speaks of. */
export function payoutOf(fact: PayoutFact): PayoutId {
  return 'payout' in fact.data ? fact.data.payout : (fact.id as PayoutId) // Facts without `data.payout` are named by the payout itself.
}

export function toSharesData(shares: FeeShares | undefined): SharesData {
  if (!shares) return {}
  const { own, ownUsd, partyMax } = shares
  return { shares: { own: own.toString(), ownUsd: ownUsd.toString(), partyMax: partyMax.toString() } }
}

export function readSharesData({ shares }: SharesData): FeeShares | undefined {
  return shares && { own: BigInt(shares.own), ownUsd: BigInt(shares.ownUsd), partyMax: BigInt(shares.partyMax) }
}

export function toMoneyData({ asset, units }: Money): MoneyData {
  const { id, code, scale, ledger } = asset
  return { asset: { id, code, scale, ledger }, units: units.toString() }
}

export function readMoneyData({ asset, units }: MoneyData): Money {
  return { asset, units: BigInt(units) }
}
