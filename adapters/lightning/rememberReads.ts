import type { InvoiceReader, ReadInvoice } from '../../gateway/ports/invoiceReader.ts'

/** An invoice of a node is a third of a kilobyte, the largest that is read seven. */
const KEPT_MAX = 1_000

/**
 * The same reader, which remembers the newest invoices that it found good. Every step of a payment reads its invoice for itself, and the signature costs
 * more than the step; what a text says never changes.
 */
export function rememberReads(read: InvoiceReader, keptMax: number = KEPT_MAX): InvoiceReader {
  const kept = new Map<string, ReadInvoice>()
  return (text) => {
    const known = kept.get(text)
    if (known) return known
    const invoice = read(text)
    if (typeof invoice === 'string') return invoice
    kept.set(text, Object.freeze(invoice))
    if (kept.size > keptMax) kept.delete(kept.keys().next().value!)
    return invoice
  }
}
