import { z } from 'zod'

/** What is read of Stripe's objects; the rest of them is passed over. */
const metadata = z.record(z.string(), z.string()).nullish()

/** Our names in the metadata of objects that we make. */
export const REF = 'switchyard_ref'
export const ATTEMPT = 'switchyard_attempt'

export const sessionShape = z.object({ id: z.string(), url: z.url() })

/** A transfer to a connected account, or a refund of a payment. */
export const madeShape = z.object({ id: z.string().min(1), amount: z.int().positive(), created: z.int(), metadata })
export type Made = z.infer<typeof madeShape>

export const madeList = z.object({ data: z.array(madeShape), has_more: z.boolean() })

export const payoutList = z.object({
  data: z.array(z.object({ id: z.string(), amount: z.int(), currency: z.string() })),
  has_more: z.boolean(),
})

const amounts = z.array(z.object({ amount: z.int(), currency: z.string() }))
export const balanceShape = z.object({ available: amounts, pending: amounts })
export type Balance = z.infer<typeof balanceShape>

/** The object that a balance transaction is about: a charge, refund, transfer, reversal, payout or dispute, as far as it is expanded. */
const source = z
  .union([
    z.string(),
    z.object({
      id: z.string(),
      metadata,
      payment_intent: z.string().nullish(),
      /** Of the reversal of a transfer: which one. */
      transfer: z.string().nullish(),
    }),
  ])
  .nullable()

export const balanceTransaction = z.object({
  id: z.string().min(1),
  amount: z.int(),
  fee: z.int(),
  currency: z.string(),
  created: z.int(),
  available_on: z.int(),
  reporting_category: z.string(),
  source,
})
export type BalanceTransaction = z.infer<typeof balanceTransaction>

export const transactionList = z.object({ data: z.array(balanceTransaction), has_more: z.boolean() })
