import { z } from 'zod'
import { answers, idempotent, idOf, metadata, money, pageOf, time } from './shapes.ts'

const link = z
  .strictObject({
    id: idOf('pl'),
    object: z.literal('payment_link'),
    status: z.enum(['active', 'inactive', 'expired', 'used_up', 'held']).meta({
      description: 'held: what is left of it is being paid by others, who may let their time pass.',
    }),
    page: z.string().meta({ description: 'Where a person pays by it: a path on this gateway.' }),
    amount: money.nullable(),
    amount_min: money.nullable(),
    amount_max: money.nullable(),
    party: idOf('pa').optional(),
    split: idOf('sp').optional(),
    seller: z.string().nullable(),
    description: z.string().nullable(),
    return_url: z.string().nullable(),
    metadata,
    pay_within_s: z.int(),
    uses_max: z.int().nullable(),
    paid_count: z.int().meta({ description: 'Intents of it that are paid.' }),
    open_count: z.int().meta({ description: 'Intents of it that may still be paid.' }),
    expires_at: time.nullable(),
    created_by: z.string(),
    created_at: time,
  })
  .meta({ id: 'PaymentLink', description: 'A link by which many may pay. Its intents: GET /v1/payment_intents?reference=<its id>.' })

export const paymentLinkOperations = {
  'POST /v1/payment_links': idempotent('createPaymentLink', { 201: link }),
  'GET /v1/payment_links': answers('listPaymentLinks', { 200: pageOf(link) }),
  'GET /v1/payment_links/:id': answers('getPaymentLink', { 200: link }),
  'POST /v1/payment_links/:id/activate': idempotent('activatePaymentLink', { 200: link }),
  'POST /v1/payment_links/:id/deactivate': idempotent('deactivatePaymentLink', { 200: link }),
  'GET /l/:id': answers('showPaymentLinkPage', { 200: z.string() }, { media: ['text/html'] }),
}
