import { type authorizationData, authorizationFrom } from '../payins/claim/facts.ts'
import { type FactOf, factKinds } from '../ports/factKinds.ts'
import type { EntryId, Hex, PartyId } from '../ports/ids.ts'
import type { FailureReason } from '../ports/outcome.ts'
import type { EvmRailName } from '../ports/railName.ts'
import type { Errand, ErrandId } from './errand.ts'

type TakenData = Readonly<{
  seller: PartyId
  claimKey: string
  fingerprint: string
  rail: EvmRailName
  authorization: ReturnType<typeof authorizationData>
  /** In the asset of balances. */
  fee: string
  entry: EntryId
}>

/** `charged`: whether the fee was taken. */
type FailedData = Readonly<{ reason: FailureReason; charged: 'yes' | 'no'; transaction?: Hex }>

/** Every fact about an errand. */
export type ErrandFact =
  | FactOf<'errand.taken', ErrandId, TakenData>
  | FactOf<'errand.settled', ErrandId, Readonly<{ transaction: Hex }>>
  | FactOf<'errand.failed', ErrandId, FailedData>

/** What a seller sells, as the list of others shows it. */
export type ListingData = Readonly<{
  resource: string
  accepts: readonly Readonly<{
    scheme: string
    network: string
    asset: Hex
    payTo: Hex
    amount: string
    maxTimeoutSeconds: number
    extra: Readonly<Record<string, string>>
  }>[]
  description?: string
  mimeType?: string
  serviceName?: string
  tags?: readonly string[]
}>

/** Every fact about what sellers have listed, named by the seller. */
type ListingFact = FactOf<'listing.published', PartyId, ListingData> | FactOf<'listing.withdrawn', PartyId, Readonly<{ resource: string }>>

const listingKinds = factKinds<ListingFact>({ 'listing.published': true, 'listing.withdrawn': true })

export const toListingFact = listingKinds.write
export const readListingFact = listingKinds.read

const kinds = factKinds<ErrandFact>({ 'errand.taken': true, 'errand.settled': true, 'errand.failed': true })

export const toErrandFact = kinds.write
export const readErrandFact = kinds.read

/** The errand after a fact about it; `errand.taken` is its first. */
export function errandAfter(errand: Errand | undefined, fact: ErrandFact): Errand {
  if (fact.type === 'errand.taken') {
    const { authorization, fee, ...data } = fact.data
    const signed = authorizationFrom(authorization)
    const open = { state: 'open', transaction: undefined, reason: undefined } as const
    return { ...data, ...open, id: fact.id, takenAt: fact.at, payer: signed.from, authorization: signed, feeUnits: BigInt(fee) }
  }
  if (!errand) throw new Error(`invariant broken: errand ${fact.id} ends after it was taken`)
  const ended = { ...errand, authorization: undefined, transaction: fact.data.transaction }
  return fact.type === 'errand.settled' ? { ...ended, state: 'settled' } : { ...ended, state: 'failed', reason: fact.data.reason }
}
