import type { Money } from '../../money/money.ts'
import type { IntentId, OfferId, PartyId, SplitKey } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { OfferWire } from '../../ports/receiver.ts'
import { usdToNano } from '../offer/collectingCosts.ts'
import type { OfferDecision } from '../offer/offerDecision.ts'

/** Whom the money is for, by id. */
export type PayeeRef = Readonly<{ kind: 'party'; id: PartyId }> | Readonly<{ kind: 'split'; id: SplitKey }>

/** One way to pay the intent. `fullPrice` is what the payer parts with in all, in USD; `reference` is how the rail will name the payment. */
export type IntentOffer = Readonly<{
  id: OfferId
  rail: RailName
  amount: Money
  fullPrice: Money
  railCost: Money
  /** What being paid by it costs all sides, nano-USD; in journals from before 2026-11-25 no offer says it. */
  wholeNano?: bigint
  expiresAt: number
  reference: string
  wire: OfferWire | Readonly<{ kind: 'book' }>
}>

type IntentStatus = 'open' | 'settled' | 'canceled' | 'expired'
/** Trouble is a field of its own, not more states. */
type IntentException = 'none' | 'paid_late' | 'paid_partial' | 'paid_over'

/** What arrived for an intent beyond the one payment that settled it; refundable from `surplus:<intent>`. */
export type Surplus = Readonly<{ rail: RailName; settlementId: string; amount: Money; reason: Exclude<IntentException, 'none'> }>

/** What the seller tells the payer, for people: who sells, what, its own number of it, where to go afterwards, and the shops whose pages may frame it. */
export type IntentAbout = Readonly<{
  seller?: string
  description?: string
  orderId?: string
  returnUrl?: string
  embedOrigins?: readonly string[]
}>

/** `credit` is what the payee is promised, in the asset of balances, whichever rail pays; `paid.credited` is what it got: that, or what came. */
export type Intent = Readonly<{
  id: IntentId
  amount: Money
  credit: Money
  payee: PayeeRef
  about: IntentAbout
  /** The id of the payment link or the subscription that made it. */
  origin?: string
  /** Who asked for it, as `createdBy` of others, or who made its link or plan; of older ones nobody is known. */
  createdBy?: string
  metadata: Readonly<Record<string, string>>
  status: IntentStatus
  exception: IntentException
  createdAt: number
  expiresAt: number
  offers: readonly IntentOffer[]
  /** The newest that ended and were replaced: a payment of one may still be told of. */
  earlier: readonly IntentOffer[]
  /** How often offers were replaced. */
  requotes: number
  /** Why these offers, in this order, when it was made; intents from before 2026-11-25 have none. */
  decision?: OfferDecision
  paid: Readonly<{ rail: RailName; settlementId: string; amount: Money; credited: Money; at: number; receipt: string }> | undefined
  surplus: readonly Surplus[]
}>

/** What a settlement means to an intent. `excess` is more than was asked; all of a `surplus` is refundable. */
type SettlementMeaning =
  | Readonly<{ kind: 'settles'; excess: Money }>
  | Readonly<{ kind: 'surplus'; reason: Exclude<IntentException, 'none'> }>

/** The key that only one settlement, cancellation or expiry can take: it is how an intent ends exactly once. */
export function closingKey(id: IntentId): string {
  return `intent:${id}:closed`
}

/** Pure: `asked` is the amount of the offer that was paid, `got` what arrived at `at`, both in the rail's asset. */
export function meaningOf(intent: Intent, asked: Money, got: Money, at: number): SettlementMeaning {
  if (intent.status === 'settled') return { kind: 'surplus', reason: 'paid_over' }
  if (intent.status !== 'open' || at > intent.expiresAt) return { kind: 'surplus', reason: 'paid_late' }
  if (got.units < asked.units) return { kind: 'surplus', reason: 'paid_partial' }
  return { kind: 'settles', excess: { asset: got.asset, units: got.units - asked.units } }
}

/** What costs all sides least first. */
export function cheaperFirst(a: IntentOffer, b: IntentOffer): number {
  const [x, y] = [wholeOf(a), wholeOf(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** Of an older offer what the payer parts with and what the rail costs. */
function wholeOf({ wholeNano, fullPrice, railCost }: IntentOffer): bigint {
  return wholeNano ?? usdToNano(fullPrice) + usdToNano(railCost)
}
