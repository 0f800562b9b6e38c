import type { PayoutView } from '../../payouts/payout/view.ts'
import type { Json } from '../../ports/books.ts'
import type { ReadInvoice } from '../../ports/invoiceReader.ts'
import type { PartyInvoice } from './partyInvoice.ts'

/** A transaction as NIP-47 shows it; amounts in msat and times in seconds, both as JSON numbers. */
export type AppTransaction = Readonly<{ [key: string]: Json }> & Readonly<{ created_at: number; state: string; type: string }>

const secondsOf = (ms: number): number => Math.trunc(ms / 1_000)

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
    // Far below 2^53: all bitcoin there will ever be is 2.1 * 10^18 msat, but one invoice is a small part of a balance here.
    amount: Number(paid ? paid.amount.units : made.amount.units),
    created_at: secondsOf(made.createdAt),
    expires_at: secondsOf(made.expiresAt),
    ...(paid ? { settled_at: secondsOf(paid.at), ...(paid.preimage ? { preimage: paid.preimage } : {}) } : {}),
  }
}

/** A payment that the app asked for. What routing it cost is the operator's, so the app's wallet pays no fee. */
export function outgoing(payout: PayoutView, invoice: string, read: ReadInvoice): AppTransaction {
  const { evidence } = payout
  const state = payout.status === 'settled' ? 'settled' : payout.status === 'failed' ? 'failed' : 'pending'
  return {
    type: 'outgoing',
    state,
    invoice,
    description: read.description ?? '',
    payment_hash: read.paymentHash,
    fees_paid: 0,
    amount: Number(read.amountMsat ?? 0n),
    created_at: secondsOf(Date.parse(payout.createdAt)),
    expires_at: secondsOf(read.expiresAt),
    ...(evidence ? { settled_at: secondsOf(evidence.at), ...(evidence.proof ? { preimage: evidence.proof } : {}) } : {}),
  }
}
