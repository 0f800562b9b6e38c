import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { IntentId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { OfferDecision } from '../offer/offerDecision.ts'
import type { IntentAbout, IntentOffer, PayeeRef, Surplus } from './intent.ts'

/** An amount in the journal: units as a decimal string, and the id of the asset. */
export type UnitsData = Readonly<{ asset: string; units: string }>

export type OfferData = Omit<IntentOffer, 'amount' | 'fullPrice' | 'railCost' | 'wholeNano'> &
  Readonly<{ amount: UnitsData; fullPrice: UnitsData; railCost: UnitsData; wholeNano?: string }>

export type CreatedData = Readonly<{
  amount: UnitsData
  credit: UnitsData
  payee: PayeeRef
  about?: IntentAbout
  /** The payment link or the subscription that made it. */
  origin?: string
  /** Absent in journals from before 2026-11-25. */
  createdBy?: string
  metadata: Readonly<Record<string, string>>
  expiresAt: number
  offers: readonly OfferData[]
  /** Why these, in their order; absent in journals from before 2026-11-25. */
  decision?: OfferDecision
}>

type PaidData = Readonly<{ rail: RailName; settlementId: string; amount: UnitsData }>
type Nothing = Readonly<Record<string, never>>

/** Every fact about an intent. The room of settlements writes `intent.settled` and `intent.surplus`. */
export type IntentFact =
  | FactOf<'intent.created', IntentId, CreatedData>
  /** `credited`: what the payee got, where that is not the intent's `credit`, because what came could not be converted. */
  | FactOf<'intent.settled', IntentId, PaidData & Readonly<{ receipt: string; credited?: UnitsData }>>
  | FactOf<'intent.surplus', IntentId, PaidData & Readonly<{ reason: Surplus['reason'] }>>
  /** Offers whose time was over were replaced, those of the rails named here. */
  | FactOf<'intent.requoted', IntentId, Readonly<{ offers: readonly OfferData[] }>>
  | FactOf<'intent.canceled', IntentId, Nothing>
  | FactOf<'intent.expired', IntentId, Nothing>

const kinds = factKinds<IntentFact>({
  'intent.created': true,
  'intent.settled': true,
  'intent.surplus': true,
  'intent.requoted': true,
  'intent.canceled': true,
  'intent.expired': true,
})

/** A fact about an intent as the journal takes it. */
export const toIntentFact = kinds.write
/** The fact about an intent as it was written; undefined for another room's. */
export const readIntentFact = kinds.read
