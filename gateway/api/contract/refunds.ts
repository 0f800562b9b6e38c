import { z } from 'zod'
import { refundStatusText } from '../http/refundWire.ts'
import { approval } from './people.ts'
import { answers, idempotent, idOf, money, pageOf, time } from './shapes.ts'

const where = z.record(z.string(), z.unknown()).meta({ description: 'A destination, as POST /v1/payouts takes one.' })
const refundTry = z.strictObject({
  payout: idOf('po'),
  destination: where,
  state: z.enum(['idle', 'moving', 'unknown', 'settled', 'failed', 'returned']),
  rail: z.string().nullable(),
  proof: z.string().nullable(),
  reasons: z.array(z.string()),
})
const refund = z
  .strictObject({
    object: z.literal('refund'),
    id: idOf('rf'),
    status: refundStatusText,
    receipt: idOf('rc'),
    payment_intent: idOf('pi').nullable(),
    payee: z.string(),
    rail: z.string().meta({ description: 'The rail that it was paid by.' }),
    amount: money,
    surplus: money.meta({ description: 'What of the amount had come above the price.' }),
    paid: money,
    refunded: money.meta({ description: 'Of what was paid, with this refund, as it stood when this one was made.' }),
    left: money,
    sources: z.array(z.strictObject({ from: z.string(), amount: money })).meta({ description: 'Who has paid for it.' }),
    way: z.enum(['balance', 'to', 'link']),
    destination: where.nullable(),
    tries: z.array(refundTry),
    reason: z.string(),
    metadata: z.record(z.string(), z.string()),
    created_by: z.string(),
    dispute: idOf('dp').nullable(),
    created_at: time,
    expires_at: time,
    ended_at: time.nullable(),
    payment_url: z.string(),
  })
  .meta({ id: 'Refund', description: 'What goes back of a payment, wholly or in part.' })

/** How what a link opens stands, for its holder too. */
export const linkFields = {
  state: z.enum(['none', 'due', 'paying', 'unknown', 'refunded']),
  to: z.string().nullable(),
  last_try: z.strictObject({ status: z.string(), reasons: z.array(z.string()) }).nullable(),
}

/** One refund, with the link that its payer claims it by while it waits. */
export const refundWithLink = refund
  .extend({ ...linkFields, claim_url: z.string().nullable(), claim_page: z.string().nullable() })
  .meta({ id: 'RefundWithLink' })

export const refundOperations = {
  'POST /v1/refunds': idempotent('createRefund', { 201: refund, 202: approval }, { secret: 'refund' }),
  'GET /v1/refunds': answers('listRefunds', { 200: pageOf(refund) }),
  'GET /claim/:id': answers('showClaimPage', { 200: z.string() }, { media: ['text/html'] }),
  'POST /v1/refunds/:id/cancel': idempotent('cancelRefund', { 200: refund }),
}
