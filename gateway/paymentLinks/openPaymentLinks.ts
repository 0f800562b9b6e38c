import type { Ground } from '../ports/ground.ts'
import { createLinkRecords } from './linkRecords.ts'
import { createPaymentLinks, type LinkParts, type PaymentLinks } from './paymentLinks.ts'

/** Payment links. Call it before the books start; it runs nothing by itself. */
export function openPaymentLinks(
  { assetOf, clock, ids }: Ground,
  { books, intents, splits }: Omit<LinkParts, 'clock' | 'ids' | 'records'>,
): PaymentLinks {
  return createPaymentLinks({ books, intents, splits, clock, ids, records: createLinkRecords(books, assetOf) })
}
