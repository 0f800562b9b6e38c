import { z } from 'zod'
import { payment } from './payments.ts'
import { approval } from './people.ts'
import { answers, hex, idempotent, idempotentForSome, idOf, money, pageOf, time } from './shapes.ts'

/** What a payer needs on each rail. Before version 2026-11-24 its names were camelCase. */
const pay = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('book') }),
  z.strictObject({ kind: z.literal('bolt11'), invoice: z.string(), payment_hash: z.string(), network: z.string() }),
  z.strictObject({ kind: z.literal('bank'), iban: z.string(), name: z.string(), remittance: z.string() }),
  z.strictObject({ kind: z.literal('custom'), fields: z.record(z.string(), z.string()) }),
  z.strictObject({
    kind: z.literal('evm'),
    chain_id: z.int(),
    token: hex,
    token_name: z.string(),
    token_version: z.string(),
    hub: hex,
    split_id: hex,
    ref: hex,
    pay_to: hex,
    signed: z.array(z.string()).optional(),
    facilitator: hex.optional(),
    channel: z.record(z.string(), z.unknown()).optional(),
  }),
])

const offer = z
  .strictObject({ id: idOf('of'), rail: z.string(), amount: money, full_price: money, rail_cost: money, expires_at: time, pay })
  .meta({
    id: 'Offer',
    description: 'One way to pay an intent. full_price is what the payer parts with in all, rail_cost what receiving it costs.',
  })
const refusal = z.strictObject({ rail: z.string(), reason: z.string() })
const exception = z.enum(['none', 'paid_late', 'paid_partial', 'paid_over'])
const paid = z.strictObject({ rail: z.string(), amount: money, credited: money, at: time, receipt: idOf('rc') })

const payableFields = {
  id: idOf('pi'),
  object: z.literal('payment_intent'),
  status: z.enum(['open', 'settled', 'canceled', 'expired']),
  amount: money,
  seller: z.string().nullable(),
  description: z.string().nullable(),
  expires_at: time,
  offers: z.array(offer),
  uri: z.string().nullable().meta({ description: 'One bitcoin: URI for every wallet (BIP 321).' }),
  page: z.string().meta({ description: 'Where a person pays it: a path on this gateway.' }),
  paid: paid.nullable(),
}
const payable = z.strictObject(payableFields).meta({ id: 'PayableIntent', description: 'What a payer reads of an intent.' })
const intentFields = {
  ...payableFields,
  exception,
  party: idOf('pa').optional(),
  split: idOf('sp').optional(),
  order_id: z.string().nullable(),
  return_url: z.string().nullable(),
  embed_origins: z.array(z.string()).meta({ description: 'Shops whose own pages may show the page in a frame.' }),
  origin: z.string().nullable().meta({ description: 'The payment link or the subscription that made it.' }),
  decision: idOf('dec').nullable().meta({ description: 'Why these offers, in this order: GET /v1/decisions/:id. Null for older ones.' }),
  metadata: z.record(z.string(), z.string()),
  created_at: time,
  not_offered: z.array(refusal).optional().meta({ description: 'Rails that could not serve it, and why.' }),
  surplus: z.array(z.strictObject({ rail: z.string(), amount: money, reason: exception })),
}
const intent = z.strictObject(intentFields).meta({ id: 'PaymentIntent' })
const listedIntent = z
  .strictObject({ ...intentFields, payments: z.array(payment).optional().meta({ description: 'With expand=payments.' }) })
  .meta({ id: 'ListedPaymentIntent' })

const settledHere = z.strictObject({
  id: idOf('pi'),
  object: z.literal('payment_intent'),
  status: z.literal('settled'),
  rail: z.literal('book'),
  receipt: idOf('rc').or(z.literal('')),
})
const handedOver = z
  .strictObject({
    id: idOf('pi'),
    object: z.literal('payment_intent'),
    outcome: z.enum(['settled', 'unknown']),
    transaction: hex.optional(),
  })
  .meta({ id: 'HandedOver', description: 'The authorization is with its chain, whose word settles the intent.' })

export const intentOperations = {
  'POST /v1/payment_intents': idempotent('createPaymentIntent', { 201: intent }),
  'GET /v1/payment_intents': answers('listPaymentIntents', { 200: pageOf(listedIntent) }),
  'GET /v1/payment_intents/:id': answers('getPaymentIntent', { 200: z.union([intent, payable]) }),
  'POST /v1/payment_intents/:id/cancel': idempotent('cancelPaymentIntent', { 200: intent }),
  'POST /v1/payment_intents/:id/pay': idempotentForSome('payPaymentIntent', { 200: settledHere, 202: z.union([handedOver, approval]) }),
  'GET /pay/:id': answers('showPaymentPage', { 200: z.string() }, { media: ['text/html'] }),
  'POST /pay/:id/authorization': answers('handOverAuthorization', { 202: handedOver }),
}
