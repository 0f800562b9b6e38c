import type Stripe from 'stripe'
import { type Made, madeShape, sessionShape } from './wire.ts'

/** What makes something at Stripe, each under a key by which the same request is carried out once. */
export function makingRequests(stripe: Stripe) {
  return {
    async openCheckout(o: Readonly<{ ref: string; cents: number; currency: string; text: string; returnUrl: string; expiresAt: number }>) {
      const item = { quantity: 1, price_data: { currency: o.currency, unit_amount: o.cents, product_data: { name: o.text } } }
      const session = await stripe.checkout.sessions.create(
        {
          mode: 'payment',
          line_items: [item],
          // What is debited from an account is on the balance days before it is known to be good.
          allowed_payment_method_types: ['card'],
          client_reference_id: o.ref,
          success_url: o.returnUrl,
          expires_at: o.expiresAt,
          adaptive_pricing: { enabled: false },
          payment_intent_data: { metadata: { switchyard_ref: o.ref } },
        },
        { idempotencyKey: `offer ${o.ref} ${o.cents} ${o.expiresAt}` },
      )
      return sessionShape.parse(session)
    },
    async transfer(o: Readonly<{ id: string; account: string; cents: number; currency: string }>): Promise<Made> {
      const { id, account, cents, currency } = o
      const made = await stripe.transfers.create(
        { amount: cents, currency, destination: account, transfer_group: id, metadata: { switchyard_attempt: id } },
        { idempotencyKey: id },
      )
      return madeShape.parse(made)
    },
    async refund(o: Readonly<{ id: string; payment: string; cents: number }>): Promise<Made> {
      const { id, payment, cents } = o
      const made = await stripe.refunds.create(
        { payment_intent: payment, amount: cents, metadata: { switchyard_attempt: id } },
        { idempotencyKey: id },
      )
      return madeShape.parse(made)
    },
  }
}
