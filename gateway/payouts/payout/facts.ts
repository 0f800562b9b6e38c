import type { Asset } from '../../money/asset.ts'
import type { Money } from '../../money/money.ts'
import type { Fact, Json } from '../../ports/books.ts'
import type { AttemptId, DecisionId, EntryId, PayoutId } from '../../ports/ids.ts'
import type { Evidence } from '../../ports/outcome.ts'
import type { RailKind, RailName } from '../../ports/railName.ts'
import type { Destination } from '../../ports/sender.ts'
import type { Impossibility } from '../router/candidate.ts'
import type { PayoutException, Refusal } from './payout.ts'

/** An amount in the journal: units as a decimal string, and the whole asset, so that it can be read without a table. */
export type MoneyData = Readonly<{ asset: Asset; units: string }>
export type TermsData = Readonly<Record<string, string>>

/** A candidate as it was judged. Costs are decimal strings of nano-USD. */
export type CandidateData = Readonly<{
  rail: RailName | RailKind
  destination: number
  verdict: 'chosen' | 'dearer' | 'cut' | 'impossible'
  rank?: number
  amount?: MoneyData
  feeMax?: MoneyData
  successPpm?: string
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
  expectedNano: string
  lostNano: string
  wouldChangeIf?: Readonly<{ term: string; termNano: string; mustRiseByNano: string; inFavourOf?: number }>
  rates: readonly RateData[]
}>

type QuoteData = Readonly<{ rail: RailName; destination: number; amount: MoneyData; feeMax: MoneyData }>

export type AttemptData = QuoteData &
  Readonly<{ payout: PayoutId; decision: DecisionId; feesComeBy: 'outcome' | 'stream'; feeHeld: boolean; reservation?: EntryId }>

type Shaped<T extends string, I extends string, D> = Readonly<{ type: T; id: I; at: number; data: D }>

/** Every fact that this room writes. `attempt.declined`: its liquidity could not be reserved, so it was never sent. */
export type PayoutFact =
  | Shaped<
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
        /** No try is made after it (ms); absent where none is. */
        sendBy?: number
      }>
    >
  | Shaped<'decision.made', DecisionId, DecisionData>
  | Shaped<'attempt.sent', AttemptId, AttemptData>
  | Shaped<'attempt.declined', AttemptId, AttemptData & Readonly<{ reason: Impossibility; detail: string }>>
  | Shaped<'attempt.unknown', AttemptId, Readonly<{ payout: PayoutId; stuck: boolean; detail: string }>>
  | Shaped<'attempt.failed', AttemptId, Readonly<{ payout: PayoutId; reason: Impossibility; detail: string }>>
  | Shaped<'attempt.settled', AttemptId, Readonly<{ payout: PayoutId; evidence: Evidence; fee: MoneyData }>>
  | Shaped<
      'payout.settled',
      PayoutId,
      Readonly<{ attempt: AttemptId; rail: RailName; evidence: Evidence; fee: MoneyData; exceptions: readonly PayoutException[] }>
    >
  | Shaped<'payout.failed', PayoutId, Readonly<{ code: 'no_rail' | 'attempts_failed'; refusals: readonly Refusal[] }>>

const TYPES: ReadonlySet<string> = new Set<PayoutFact['type']>([
  'payout.created',
  'decision.made',
  'attempt.sent',
  'attempt.declined',
  'attempt.unknown',
  'attempt.failed',
  'attempt.settled',
  'payout.settled',
  'payout.failed',
])

/** A fact of this room as the journal takes it. */
export function toFact(fact: PayoutFact): Fact {
  const data: { readonly [key: string]: Json } = fact.data
  return { type: fact.type, id: fact.id, at: fact.at, data }
}

/** The fact as this room wrote it, or undefined for another room's. */
export function readFact(fact: Fact): PayoutFact | undefined {
  // Only `toFact` writes these types, and the journal's hash chain vouches for what it wrote.
  return TYPES.has(fact.type) ? (fact as unknown as PayoutFact) : undefined
}

/** The payout that a fact speaks of. */
export function payoutOf(fact: PayoutFact): PayoutId {
  return 'payout' in fact.data ? fact.data.payout : (fact.id as PayoutId) // Facts without `data.payout` are named by the payout itself.
}

export function toMoneyData({ asset, units }: Money): MoneyData {
  const { id, code, scale, ledger } = asset
  return { asset: { id, code, scale, ledger }, units: units.toString() }
}

export function readMoneyData({ asset, units }: MoneyData): Money {
  return { asset, units: BigInt(units) }
}
