import { z } from 'zod'

/** What is read of Stripe's objects; the rest of them is passed over. */
const metadata = z.record(z.string(), z.string()).nullish()

/** Our names in the metadata of objects that we make. */
export const REF = 'switchyard_ref'
export const ATTEMPT = 'switchyard_attempt'

export const sessionShape = z.object({ id: z.string(), url: z.url() })

/** A transfer to a connected account, or a refund of a payment; the status is a refund's alone. */
export const madeShape = z.object({
  id: z.string().min(1),
  amount: z.int().positive(),
  created: z.int(),
  metadata,
  status: z.string().nullish(),
})
export type Made = z.infer<typeof madeShape>

export const madeList = z.object({ data: z.array(madeShape), has_more: z.boolean() })

export const payoutList = z.object({
  data: z.array(z.object({ id: z.string(), amount: z.int(), currency: z.string(), status: z.string() })),
  has_more: z.boolean(),
})

const amounts = z.array(z.object({ amount: z.int(), currency: z.string() }))
export const balanceShape = z.object({ available: amounts, pending: amounts })
export type Balance = z.infer<typeof balanceShape>

/** What a balance transaction is about, asked for by itself: a key must be allowed to read each kind that it is. */
const source = z.object({
  id: z.string(),
  metadata,
  payment_intent: z.string().nullish(),
  /** Of the reversal of a transfer: which one. */
  transfer: z.string().nullish(),
  /** Of a refund. */
  status: z.string().nullish(),
})
export type Source = z.infer<typeof source>
export const withSource = z.object({ source: source.nullable() })

export const chargeList = z.object({ data: z.array(z.object({ currency: z.string() })) })

export const balanceTransaction = z.object({
  id: z.string().min(1),
  amount: z.int(),
  fee: z.int(),
  currency: z.string(),
  created: z.int(),
  available_on: z.int(),
  reporting_category: z.string(),
  source: z.string().nullable(),
})
export type BalanceTransaction = z.infer<typeof balanceTransaction>

export const transactionList = z.object({ data: z.array(balanceTransaction), has_more: z.boolean() })
