import type { Money } from '../money/money.ts'
import type { AccountPath } from '../ports/books.ts'
import type { AttemptId, IntentId, PartyId, PayoutId, SuspenseActionId } from '../ports/ids.ts'
import type { RailName } from '../ports/railName.ts'
import type { Destination } from '../ports/sender.ts'

/** Why something is done by hand, and what shows that it is right: words, or the SHA-256 in hex of a file that the operator keeps. */
export type Grounds = Readonly<{ reason: string; evidence: Readonly<{ text?: string; sha256?: string }> }>

/** Something of what waits: `item` is its id, `payer` who had sent it, as far as the rail says. */
export type OfItem = Readonly<{ item: string; rail: RailName; payer: string }>

/**
 * What a hand does. `refund` moves the money to `surplus:<action>` and pays it from there, so that what the rail does not take is the refund's still.
 * `adjust` makes the books follow a rail: what is debited or credited besides is the owner of the difference. `end_attempt` says what became of a try that
 * its rail will not end: the payout books what follows.
 */
export type Deed =
  | (Readonly<{ what: 'assign'; to: PartyId | IntentId }> & OfItem)
  | (Readonly<{ what: 'refund'; payout: PayoutId; destinations: readonly Destination[]; reference: string }> & OfItem)
  | (Readonly<{ what: 'write_off' }> & OfItem)
  | Readonly<{ what: 'adjust'; debit: AccountPath; credit: AccountPath }>
  | Readonly<{ what: 'end_attempt'; payout: PayoutId; attempt: AttemptId; outcome: 'settled' | 'failed' }>

/**
 * One thing done by hand, as the journal's facts make it. `waiting`: for another operator than `by`. `booked`: its entry stands. `payment` is how far a
 * refund's payout is: `refused` when it could never be made, and then the money stays with the refund. Times in ms.
 */
export type Action = Readonly<{
  id: SuspenseActionId
  deed: Deed
  amount: Money
  grounds: Grounds
  by: string
  approvedBy: string | undefined
  at: number
  status: 'waiting' | 'booked' | 'canceled'
  payment: 'none' | 'made' | 'refused'
}>

/** What is still to be done about it: a second person's word, or a payout. */
export function isOpen({ status, deed, payment }: Action): boolean {
  return status === 'waiting' || (status === 'booked' && deed.what === 'refund' && payment === 'none')
}
