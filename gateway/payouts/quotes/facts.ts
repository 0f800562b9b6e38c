import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { PartyId, PayoutId, QuoteId } from '../../ports/ids.ts'
import type { Metadata } from '../../ports/metadata.ts'
import type { RailKind, RailName } from '../../ports/railName.ts'
import type { Destination } from '../../ports/sender.ts'
import type { MoneyData, RateData } from '../payoutState/facts.ts'

/** Which amount was said and is exact: what leaves the balance, or what the payee gets. */
export type QuoteSide = 'send' | 'receive'
/** `platform`: the operator, within its budget. `payee`: it comes out of what is sent. `payer`: besides what is received. */
export type QuoteBearer = 'platform' | 'payer' | 'payee'

/** A way as it was judged. `costNano` is a decimal string of nano-USD. */
type WayData = Readonly<{
  rail: RailName | RailKind
  destination: number
  costNano?: string
  rank?: number
  reason?: string
  detail?: string
}>

export type QuoteData = Readonly<{
  party: PartyId
  side: QuoteSide
  destinations: readonly Destination[]
  feeBearer: QuoteBearer
  /** What the payout pays out of the balance, and what its source is charged besides. */
  amount: MoneyData
  fee: MoneyData
  /** What the payee gets. */
  receive: MoneyData
  /** What the rail is expected to take, and what part of it a chain takes for gas; in the asset of the balance. */
  railCost: MoneyData
  gas: MoneyData
  /** The same in nano-USD: what it is compared with when it is used. */
  costNano: string
  worthNano: string
  /** Absent where nothing is converted. `spread` is the part of the amount that it comes to. */
  rate?: RateData
  spreadPpm: string
  spread: MoneyData
  rail: RailName
  destination: number
  ways: readonly WayData[]
  expiresAt: number
  sendBy: number
  createdBy: string
  metadata?: Metadata
}>

/** Every fact that this room writes. `quote.used` becomes durable with the payout; `quote.expired` says that nobody used it in time. */
export type QuoteFact =
  | FactOf<'quote.created', QuoteId, QuoteData>
  | FactOf<'quote.used', QuoteId, Readonly<{ payout: PayoutId }>>
  | FactOf<'quote.expired', QuoteId, Readonly<Record<string, never>>>

const kinds = factKinds<QuoteFact>({ 'quote.created': true, 'quote.used': true, 'quote.expired': true })

export const toQuoteFact = kinds.write
export const readQuoteFact = kinds.read
