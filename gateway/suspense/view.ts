import type { Money } from '../money/money.ts'
import { type Action, type Deed, type Grounds, isOpen } from './action.ts'

/** Something done by hand, for the API. */
export type ActionView = Readonly<{
  id: string
  status: Action['status']
  amount: Money
  deed: Deed
  grounds: Grounds
  by: string
  approvedBy: string | undefined
  at: number
  /** A refund whose payout could never be made: its money is in `surplus:<id>`. */
  refused: boolean
  open: boolean
}>

export function viewAction(action: Action): ActionView {
  const { id, status, amount, deed, grounds, by, approvedBy, at, payment } = action
  return { id, status, amount, deed, grounds, by, approvedBy, at, refused: payment === 'refused', open: isOpen(action) }
}
