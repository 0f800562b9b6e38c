import type { Money } from '../money/money.ts'
import type { AccountPath } from '../ports/books.ts'
import type { EntryId, KeyId, PartyId, PayoutId } from '../ports/ids.ts'
import type { Metadata } from '../ports/metadata.ts'
import type { Destination } from '../ports/sender.ts'

export type ApprovalId = `ap_${string}`

/** Whose word is needed: a person's of the party whose money it is, or an operator's. */
export type Needed = 'party' | 'gateway'

/** Who does something: `by` as the books name a caller, `person` where one is named. */
export type Hand = Readonly<{ by: string; person: string | undefined; key: KeyId | undefined }>

/** A payout that is made when it is approved; its money is held since it was asked for. Units are decimal strings. */
export type Order = Readonly<{
  payout: PayoutId
  source: AccountPath
  destinations: readonly Destination[]
  reference: string
  metadata?: Metadata
  feeMax: string
}>

/**
 * Something that waits for another person's word. `what` is the operation, `request` its body as JSON, `fingerprint` what tells the same request again.
 * What has an `order` is done when the last word is given; anything else may be asked once more, and is then done once. `approved`: until it is. Times in ms.
 */
export type Approval = Readonly<{
  id: ApprovalId
  status: 'needs_approval' | 'approved' | 'done' | 'refused' | 'expired'
  what: string
  fingerprint: string
  request: string
  why: string
  needs: readonly Needed[]
  given: readonly (Hand & Readonly<{ as: Needed; at: number }>)[]
  asked: Hand
  refused: Hand | undefined
  party: PartyId | undefined
  amount: Money | undefined
  hold: EntryId | undefined
  order: Order | undefined
  at: number
  expiresAt: number
}>

export function isOpen({ status }: Pick<Approval, 'status'>): boolean {
  return status === 'needs_approval' || status === 'approved'
}

/** Whose words are still wanting. */
export function wanting({ needs, given }: Pick<Approval, 'needs' | 'given'>): readonly Needed[] {
  return needs.filter((need) => !given.some(({ as }) => as === need))
}

/** Two keys are one hand when they are one person's; a party's own key is nobody's in particular, and agrees to nothing. */
export function isSameHand(a: Hand, b: Hand): boolean {
  return a.by === b.by && a.person === b.person
}
