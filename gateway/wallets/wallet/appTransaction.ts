import { BTC } from '../../money/asset.ts'
import { parseAmount } from '../../money/money.ts'
import type { PayoutView } from '../../payouts/payout/view.ts'
import type { Json } from '../../ports/books.ts'
import type { ReadInvoice } from '../../ports/invoiceReader.ts'
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
    amount: toMsatNumber(paidMsat(payout)),
    created_at: toSeconds(Date.parse(payout.createdAt)),
    expires_at: toSeconds(read.expiresAt),
    ...(evidence ? { settled_at: toSeconds(evidence.at), ...(evidence.proof ? { preimage: evidence.proof } : {}) } : {}),
  }
}
