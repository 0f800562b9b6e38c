import type { Money } from '../money/money.ts'
import type { Payouts } from '../payouts/payout/payouts.ts'
import type { Books } from '../ports/books.ts'
import type { Ground } from '../ports/ground.ts'
import { createApprovalRecords } from './approvalRecords.ts'
import { type Approvals, createApprovals } from './approvals.ts'
import { createLimits } from './limits.ts'

type Parts = Readonly<{
  books: Books
  payouts: Pick<Payouts, 'create' | 'check'>
  /** What may leave a balance in a UTC day without another person, in USD; undefined: all. */
  payoutsUsdMax: Money | undefined
  waitMs: number
  /** An operator's further key needs another operator's word. */
  operatorKeys: boolean
}>

/** What waits for another person. Call it before the books start. */
export function openApprovals({ clock, ids, rates, usd, assetOf }: Ground, parts: Parts): Approvals {
  const { books, payoutsUsdMax } = parts
  const limits = createLimits({ books, clock, rates, usd, payoutsUsdMax })
  return createApprovals({ ...parts, clock, ids, limits, records: createApprovalRecords(books, assetOf) })
}
