import { type Records, recordsOf } from '../ledger/process/recordsOf.ts'
import type { Books } from '../ports/books.ts'
import { type InvoiceFact, readInvoiceFact } from './facts.ts'
import type { Invoice } from './invoice.ts'

/** All invoices as the journal's facts make them. `countOf`: how many a payee has issued. */
export type InvoiceRecords = Records<Invoice> & Readonly<{ countOf: (payee: string) => number }>

/** Listens to the books; make it before they start. `endedKept`: see `createOrderedRecords`. */
export function createInvoiceRecords(
  books: Pick<Books, 'archive' | 'remember'>,
  { endedKept }: Readonly<{ endedKept?: number | undefined }> = {},
): InvoiceRecords {
  const counts = new Map<string, number>()
  const records = recordsOf<Invoice, InvoiceFact>({
    books,
    name: 'invoices',
    form: 1,
    read: readInvoiceFact,
    idOf: ({ id }) => id,
    evolve: (_, { id, at, data }) => ({ id, data, issuedAt: at }),
    beside: { tables: { counts }, apply: (_, { data }) => void counts.set(data.payee.id, data.number) },
    endedKept,
  })
  return { ...records, countOf: (payee) => counts.get(payee) ?? 0 }
}
