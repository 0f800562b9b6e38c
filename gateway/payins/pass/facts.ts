import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { EntryId, ReceiptId } from '../../ports/ids.ts'
import type { PassTerms } from '../challenge/passTerms.ts'

/** A pass is named by the hash of the payment that bought it, so that it is bought once. */
export type PassId = `ps_${string}`

/**
 * `msat` were asked for it and made `units` of `asset`; of a pass of uses, each takes `perUse` of them. `endsAt` in ms. `seller`: whose share of all open
 * passes it takes.
 */
type BoughtData = Readonly<{
  kind: PassTerms['kind']
  route: string
  receipt: ReceiptId
  entry: EntryId
  asset: string
  units: string
  msat: string
  endsAt: number
  uses?: number
  perUse?: string
  party?: string
  split?: string
  seller?: string
}>

/** Every fact about a pass. */
export type PassFact =
  | FactOf<'pass.bought', PassId, BoughtData>
  /** A holder gave away a part of it, and the part was used for the first time: not more than `units` of it may be. */
  | FactOf<'pass.narrowed', PassId, Readonly<{ limit: string; units: string }>>
  /** `request`: the receipt of the pass. `units` were left, and are `to` whom it says; the payer has as much of the `msat` that it had paid. */
  | FactOf<'pass.ended', PassId, Readonly<{ request: ReceiptId; units: string; to: 'payer' | 'payee'; msat?: string }>>

const kinds = factKinds<PassFact>({ 'pass.bought': true, 'pass.narrowed': true, 'pass.ended': true })

/** A fact about a pass as the journal takes it. */
export const toPassFact = kinds.write
/** The fact about a pass as it was written; undefined for another room's. */
export const readPassFact = kinds.read
