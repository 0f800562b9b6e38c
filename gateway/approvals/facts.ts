import { type FactOf, factKinds } from '../ports/factKinds.ts'
import type { EntryId, KeyId, PartyId } from '../ports/ids.ts'
import type { ApprovalId, Hand, Needed, Order } from './approval.ts'

/** `by`: whose key it was, as the books name a caller. */
type HandData = Readonly<{ by: string; person?: string; key?: KeyId }>

type AskedData = HandData &
  Readonly<{
    what: string
    fingerprint: string
    request: string
    why: string
    needs: readonly Needed[]
    expiresAt: number
    party?: PartyId
    asset?: string
    units?: string
    hold?: EntryId
    order?: Order
  }>

/** What left a balance, or may, without another person's word; `usd` in units of USD, counted for its UTC day. */
type SparedData = Readonly<{ usd: string; day: number }>

/** Every fact that this wing writes. */
export type ApprovalFact =
  | FactOf<'approval.asked', ApprovalId, AskedData>
  | FactOf<'approval.given', ApprovalId, HandData & Readonly<{ as: Needed }>>
  | FactOf<'approval.refused', ApprovalId, HandData>
  | FactOf<'approval.expired', ApprovalId, Readonly<Record<string, never>>>
  /** What was approved has been done. */
  | FactOf<'approval.used', ApprovalId, Readonly<Record<string, never>>>
  /** Named by the party, or `gateway`. */
  | FactOf<'approval.spared', string, SparedData>
  /** A party says above what its payouts need a person of its own; null takes the limit away. */
  | FactOf<'approval.limited', PartyId, HandData & Readonly<{ payoutsUsdMax: string | null }>>

const kinds = factKinds<ApprovalFact>({
  'approval.asked': true,
  'approval.given': true,
  'approval.refused': true,
  'approval.expired': true,
  'approval.used': true,
  'approval.spared': true,
  'approval.limited': true,
})

export const toApprovalFact = kinds.write
export const readApprovalFact = kinds.read

/** Who did it, as a fact says it. */
export function handData({ by, person, key }: Hand): HandData {
  return { by, ...(person === undefined ? {} : { person }), ...(key ? { key } : {}) }
}
