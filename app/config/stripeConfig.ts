import { z } from 'zod'

/** An account at Stripe, whose checkout takes cards. */
export const stripeConfig = z.strictObject({
  /** `sk_...`, or better a restricted `rk_...`; of test mode everywhere but on mainnet. */
  secretKey: z.string().regex(/^[sr]k_(test|live)_[A-Za-z0-9_]{8,200}$/, 'is no secret key of Stripe such as sk_test_...'),
  /** The currency in which Stripe keeps the account. */
  currency: z.enum(['EUR', 'USD']),
  /** Where payers come back to when they have paid. */
  returnUrl: z.url({ protocol: /^https?$/ }),
  /** The list of fees that says what a payment is expected to cost. */
  feeSchedule: z.string().max(60).default('card_blended'),
  pollMs: z.int().min(1_000).default(10_000),
  /** `local` alone: where a simulated Stripe is. */
  url: z.url({ protocol: /^http$/ }).optional(),
})

export type StripeConfig = z.infer<typeof stripeConfig>
