import { BTC } from '../../money/asset.ts'
import { parseAmount } from '../../money/money.ts'
import type { PayoutView } from '../../payouts/payoutState/view.ts'
import type { Json } from '../../ports/books.ts'
import type { InvoiceReader, ReadInvoice } from '../../ports/invoiceReader.ts'
import type { Destination } from '../../ports/sender.ts'
import { toMsatNumber, toSeconds } from './appWire.ts'
import type { PartyInvoice } from './partyInvoice.ts'

/** A transaction as NIP-47 shows it; amounts in msat and times in seconds, both as JSON numbers. */
export type AppTransaction = Readonly<{ [key: string]: Json }> & Readonly<{ created_at: number; state: string; type: string }>

/** An invoice of the app's own. */
export function incoming(made: PartyInvoice, now: number): AppTransaction {
  const { paid, purpose } = made
  const state = paid ? 'settled' : made.expiresAt <= now ? 'failed' : 'pending'
  return {
    type: 'incoming',
    state,
    invoice: made.invoice,
    description: purpose.description,
    payment_hash: made.paymentHash,
    fees_paid: 0,
    amount: toMsatNumber(paid ? paid.amount.units : made.amount.units),
    created_at: toSeconds(made.createdAt),
    expires_at: toSeconds(made.expiresAt),
    ...(paid ? { settled_at: toSeconds(paid.at), ...(paid.preimage ? { preimage: paid.preimage } : {}) } : {}),
  }
}

/** What a payout for an app pays: apps pay from balances in bitcoin. */
export function paidMsat({ amount }: PayoutView): bigint {
  return parseAmount(amount.amount, BTC).units
}

/** A payment that the app asked for, of an invoice or to a node. What routing it cost is the operator's, so the app's wallet pays no fee. */
export function outgoing(payout: PayoutView, readInvoice: InvoiceReader): AppTransaction | undefined {
  const [destination] = payout.destinations
  if (destination?.kind === 'lightning_node') return sent(payout, keysendIn(payout, destination))
  const read = destination?.kind === 'lightning_invoice' ? readInvoice(destination.invoice) : undefined
  return destination?.kind === 'lightning_invoice' && typeof read === 'object'
    ? sent(payout, invoiceIn(destination.invoice, read))
    : undefined
}

type Details = Readonly<{ [key: string]: Json }>

function invoiceIn(invoice: string, { description, paymentHash, expiresAt }: ReadInvoice): Details {
  return { invoice, description: description ?? '', payment_hash: paymentHash, expires_at: toSeconds(expiresAt) }
}

/** Its hash is the node's to choose, and known here when it is paid. */
function keysendIn({ evidence }: PayoutView, { nodeId, records = [] }: Extract<Destination, { kind: 'lightning_node' }>): Details {
  const hash = evidence?.rail === 'lightning' ? { payment_hash: evidence.id } : {}
  const told = records.map(({ type, value }) => ({ type: Number(type), value })) // not money: the number that the app wrote.
  return { invoice: '', description: '', metadata: { destination: nodeId, tlv_records: told }, ...hash }
}

function sent(payout: PayoutView, details: Details): AppTransaction {
  const { evidence } = payout
  const state = payout.status === 'settled' ? 'settled' : payout.status === 'failed' ? 'failed' : 'pending'
  return {
    type: 'outgoing',
    state,
    ...details,
    fees_paid: 0,
    amount: toMsatNumber(paidMsat(payout)),
    created_at: toSeconds(Date.parse(payout.createdAt)),
    ...(evidence ? { settled_at: toSeconds(evidence.at), ...(evidence.proof ? { preimage: evidence.proof } : {}) } : {}),
  }
}
