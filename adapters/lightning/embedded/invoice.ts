import type { ReadInvoice } from '../../../gateway/ports/invoiceReader.ts'
import { readBolt11 } from '../bolt11.ts'

/** A BOLT 11 invoice as far as this node must know it. */
export type Invoice = Pick<
  ReadInvoice,
  'paymentHash' | 'network' | 'payeeNodeId' | 'amountMsat' | 'finalCltvBlocks' | 'createdAt' | 'expiresAt'
>

/** Reads an invoice strictly, or says why it is none: LDK alone takes more. */
export function readInvoice(text: string): Invoice | string {
  return readBolt11(text)
}

/** Why we would not pay this invoice now, or undefined. `ownNodeId` is ours: LDK finds no route to itself. */
export function refusalToPay(invoice: Invoice, we: { network: string; nodeId: string; now: number }): string | undefined {
  if (invoice.network !== we.network) return `the invoice is for ${invoice.network}, this node is on ${we.network}`
  if (invoice.expiresAt <= we.now) return `the invoice expired at ${new Date(invoice.expiresAt).toISOString()}`
  if (invoice.payeeNodeId === we.nodeId) return 'the invoice is our own: pay it from a balance held here'
  return undefined
}
