import type { Books, Charge, Payout } from './books.ts'

/** What payers, banks and people at Stripe's dashboard do. */
export function controls(b: Books) {
  return {
    /** A payer types a card at the page of this address. Answers with the payment. */
    pay(url: string): string {
      const session = b.sessions.get(url)
      if (!session || session.paid || session.expires_at < b.seconds()) throw new Error(`nobody can pay at ${url}`)
      session.paid = true
      const payment = b.idOf('pi')
      const { cents: amount, metadata } = session
      const charge: Charge = { id: b.idOf('ch'), object: 'charge', amount, payment_intent: payment, metadata, refunded: 0 }
      b.charges.set(payment, charge)
      b.book('charge', amount, { source: charge, fee: b.feeOf(amount) })
      return payment
    },
    /** What somebody else does: a dispute, a refund by hand, a correction. */
    move: (category: string, amount: number, fee = 0) => b.book(category, amount, { source: null, fee }),
    /** The same, which is listed so long (s) after the time that it bears. */
    moveLate: (category: string, amount: number, lateS: number) => b.book(category, amount, { source: null, at: b.seconds() - lateS }),
    makeRefunds: b.makeRefunds,
    /** A person takes a transfer back at the dashboard. */
    reverse(id: string): void {
      const transfer = b.transfers.find((one) => one.id === id)!
      b.book('transfer_reversal', transfer.amount, {
        source: Object.assign({ id: b.idOf('trr') }, { object: 'transfer_reversal', transfer: id, metadata: {} }),
      })
    },
    /** The bank of the payer does not take a refund. */
    failRefund(id: string): void {
      const refund = b.refunds.find((one) => one.id === id)!
      refund.status = 'failed'
      b.book('refund_failure', refund.amount, { source: refund })
    },
    payOut(amount: number): Payout {
      const made: Payout = { id: b.idOf('po'), object: 'payout', amount, currency: b.currency, created: b.seconds(), status: 'in_transit' }
      b.payouts.unshift(made)
      b.book('payout', -amount, { source: made })
      return made
    },
    got: (destination: string) => b.transfers.filter((one) => one.destination === destination).reduce((sum, one) => sum + one.amount, 0),
    gotBack: (payment: string) => b.charges.get(payment)?.refunded ?? 0,
  }
}
