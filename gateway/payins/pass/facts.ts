import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { EntryId, ReceiptId } from '../../ports/ids.ts'
import type { PassTerms } from '../challenge/passTerms.ts'

/** A pass is named by the hash of the payment that bought it, so that it is bought once. */
export type PassId = `ps_${string}`

/** `session`: a deposit over Lightning, whose requests are paid at their own prices; what is left goes back when it is closed. */
export type PassKind = PassTerms['kind'] | 'session'

/**
 * `msat` were asked for it and made `units` of `asset`; of a pass of uses, each takes `perUse` of them. `endsAt` in ms. `seller`: whose share of all open
 * passes it takes. `returnInvoice`: what is left of a session is paid to it.
 */
type BoughtData = Readonly<{
  kind: PassKind
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
  returnInvoice?: string
}>

/** Every fact about a pass. */
export type PassFact =
  | FactOf<'pass.bought', PassId, BoughtData>
  /** A holder gave away a part of it, and the part was used for the first time: not more than `units` of it may be. */
  | FactOf<'pass.narrowed', PassId, Readonly<{ limit: string; units: string }>>
  /** Another deposit of a session, by the payment of this receipt. */
  | FactOf<'pass.added', PassId, Readonly<{ request: ReceiptId; units: string }>>
  /** `request`: the receipt of the pass. `units` were left, and are `to` whom it says; the payer has as much of the `msat` that it had paid. */
  | FactOf<'pass.ended', PassId, Readonly<{ request: ReceiptId; units: string; to: 'payer' | 'payee'; msat?: string }>>
  /** What was left of a session was tried once to be paid to its return invoice: by this payout, or `reason` says why by none. */
  | FactOf<'pass.returned', PassId, Readonly<{ request: ReceiptId; payout?: string; reason?: string }>>

const kinds = factKinds<PassFact>({
  'pass.bought': true,
  'pass.narrowed': true,
  'pass.added': true,
  'pass.ended': true,
  'pass.returned': true,
})

/** A fact about a pass as the journal takes it. */
export const toPassFact = kinds.write
/** The fact about a pass as it was written; undefined for another room's. */
export const readPassFact = kinds.read
