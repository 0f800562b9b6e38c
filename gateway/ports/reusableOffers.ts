import type { RailName } from './railName.ts'

/** One text that anyone may pay, any amount, as often as they like (BOLT 12). Every settlement of it has `reference`. */
export type ReusableOffer = Readonly<{ offer: string; reference: string }>

/** Standing offers, an ability that a Lightning backend has or lacks. */
export interface ReusableOffers {
  readonly rail: RailName
  /** The offer under this name; asking again is the same offer. It names no amount: the payer does. Throws `rail_unavailable`. */
  reusableOffer(name: string): Promise<ReusableOffer>
}
