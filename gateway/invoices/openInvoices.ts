import type { Ground } from '../ports/ground.ts'
import { createInvoiceRecords } from './invoiceRecords.ts'
import { createInvoices, type Invoices } from './invoices.ts'

type Parts = Pick<Parameters<typeof createInvoices>[0], 'books' | 'intents' | 'findPayment'>

/** Invoices. Call it before the books start; it runs nothing by itself. */
export function openInvoices({ clock, ids }: Ground, { books, intents, findPayment }: Parts): Invoices {
  return createInvoices({ books, intents, findPayment, clock, ids, records: createInvoiceRecords(books) })
}
