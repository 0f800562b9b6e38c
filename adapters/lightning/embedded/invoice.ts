import { parsePaymentRequest } from 'invoices'

/** A BOLT 11 invoice as far as a payer must know it. `amountMsat` is undefined for one that leaves the amount open; times in ms. */
export type Invoice = Readonly<{
  paymentHash: string
  network: string
  payeeNodeId: string
  amountMsat: bigint | undefined
  createdAt: number
  expiresAt: number
}>

/** BOLT 11 sets no limit; larger texts are refused before they are parsed. */
const INVOICE_CHARACTERS_MAX = 4_096

/** Reads an invoice with its signature checked, or says why it is none. The parser accepts a missing payment secret; we do not. */
export function readInvoice(text: string): Invoice | string {
  if (text.length > INVOICE_CHARACTERS_MAX) return `the invoice is longer than ${INVOICE_CHARACTERS_MAX} characters`
  try {
    const parsed = parsePaymentRequest({ request: text })
    if (parsed.payment === undefined) return 'the invoice has no payment secret'
    return {
      paymentHash: parsed.id,
      network: parsed.network,
      payeeNodeId: parsed.destination,
      amountMsat: amountOf(parsed.mtokens),
      createdAt: Date.parse(parsed.created_at),
      expiresAt: Date.parse(parsed.expires_at),
    }
  } catch {
    return 'this is not a BOLT 11 invoice'
  }
}

/** The parser answers '0' for an amount left open. */
function amountOf(mtokens: string | undefined): bigint | undefined {
  return mtokens === undefined || mtokens === '0' ? undefined : BigInt(mtokens)
}

/** Why we would not pay this invoice now, or undefined. `ownNodeId` is ours: LDK finds no route to itself. */
export function refusalToPay(invoice: Invoice, we: { network: string; nodeId: string; now: number }): string | undefined {
  if (invoice.network !== we.network) return `the invoice is for ${invoice.network}, this node is on ${we.network}`
  if (invoice.amountMsat === undefined) return 'the invoice names no amount'
  if (invoice.expiresAt <= we.now) return `the invoice expired at ${new Date(invoice.expiresAt).toISOString()}`
  if (invoice.payeeNodeId === we.nodeId) return 'the invoice is our own: pay it from a balance held here'
  return undefined
}
