import { z } from 'zod'
import { SEARCH_TYPES } from '../routes/search.ts'
import { answers, decimal, idOf, money, pageOf, time } from './shapes.ts'

const evidence = z.strictObject({
  entry: idOf('en'),
  transaction: z.string().nullable(),
  block: z.string().nullable(),
  block_hash: z.string().nullable(),
  payment_hash: z.string().nullable(),
})
const pass = z.strictObject({
  id: z.string(),
  kind: z.string(),
  uses: z.int().nullable(),
  uses_left: z.int().nullable(),
  left: money.nullable(),
  ends_at: time,
  ended: z.boolean(),
  receipt: idOf('rc'),
})
const collection = z.strictObject({
  state: z.string(),
  because: z.string().optional(),
  why: z.string(),
  would_change_if: z.string().optional(),
  together: z.int().optional(),
  cost_usd: decimal.optional(),
  share_ppm: z.int().optional(),
  waited_usd: decimal.optional(),
  latest_at: time.optional(),
  at: time,
})
/** Shown to the party whose balance has paid, and to operators. */
export const usedMandate = z
  .strictObject({
    agent: idOf('ag'),
    payment_sha256: z.string(),
    checkout_sha256: z.string().nullable(),
    mandate_url: z.string(),
  })
  .meta({ id: 'UsedMandate', description: 'The mandate by which an agent has paid.' })
export const payment = z
  .strictObject({
    id: idOf('rc'),
    object: z.literal('payment'),
    status: z.enum(['held', 'collecting', 'settled', 'failed', 'refund_due', 'refunded']),
    reason: z.string().nullable(),
    disputed: z.boolean().meta({ description: 'A dispute of it, or of a part, is not decided.' }),
    rail: z.string(),
    paid: money,
    upto: z.literal(true).optional(),
    charged: money.nullable().optional(),
    price: money,
    resource: z.string(),
    evidence,
    receipt_url: z.string(),
    created_at: time,
    changed_at: time,
    final: z.boolean(),
    pass: pass.optional(),
    collection: collection.optional(),
    mandate: usedMandate.optional(),
    payment: z.string().optional(),
    payee: z.string().optional(),
    split: z.unknown().optional(),
    parts: z.unknown().optional(),
  })
  .meta({ id: 'Payment', description: 'What became of a payment, by the id of its receipt.' })

const found = z
  .strictObject({
    object: z.literal('search_result'),
    type: z.enum(SEARCH_TYPES as [string, ...string[]]),
    id: z.string(),
    url: z.string(),
  }) // There are some.
  .meta({ id: 'SearchResult' })

export const paymentOperations = {
  'GET /v1/search': answers('search', { 200: z.strictObject({ data: z.array(found), has_more: z.boolean() }) }),
  'GET /v1/payments': answers('listPayments', { 200: pageOf(payment) }),
  'GET /v1/payments/:id': answers('getPayment', { 200: payment }),
}
