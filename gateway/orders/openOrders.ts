import type { Approvals } from '../approvals/approvals.ts'
import type { Payouts } from '../payouts/payout/payouts.ts'
import type { Books } from '../ports/books.ts'
import type { Ground } from '../ports/ground.ts'
import { createOrderRecords } from './orderRecords.ts'
import { createOrders, type Orders } from './orders.ts'

type Parts = Readonly<{ books: Books; payouts: Pick<Payouts, 'create' | 'check'>; approvals: Pick<Approvals, 'ask' | 'limits'> }>

/** Standing orders. Call it before the books start. */
export function openOrders(
  { clock, ids, assetOf }: Pick<Ground, 'clock' | 'ids' | 'assetOf'>,
  { books, payouts, approvals }: Parts,
): Orders {
  return createOrders({ books, clock, ids, assetOf, payouts, approvals, records: createOrderRecords(books, assetOf) })
}
