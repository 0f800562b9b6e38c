import { z } from 'zod'
import { dollars } from './feeConfig.ts'

/** How much may be under way: payouts without an end, what they are worth, Lightning slots at once, and slot-hours in a day. */
const share = z.strictObject({
  open: z.int().min(1).max(10_000).optional(),
  openUsd: dollars.optional(),
  slots: z.int().min(1).max(483).optional(),
  slotHours: z.int().min(1).max(10_000).optional(),
})

/** Half of a spread in millionths for a small amount, and the amount at which it is twice as much. */
const spread = {
  halfSpreadPpm: z.int().min(0).max(100_000).optional(),
  doublesAtUsd: z
    .string()
    .regex(/^[1-9][0-9]{0,8}$/, 'whole dollars such as "50000"')
    .optional(),
}

/** What a promised payout costs, and how much may be promised; what is left out is as in `gateway/payouts/quotes/policy.ts`. */
const quotes = z.strictObject({
  ...spread,
  pairs: z
    .array(z.strictObject({ pair: z.string().regex(/^[A-Za-z0-9.]{2,12}\/[A-Za-z0-9.]{2,12}$/, 'two codes such as BTC/USDC'), ...spread }))
    .max(100)
    .optional(),
  sendWithinS: z.int().min(10).max(86_400).optional(),
  costRiseMaxUsd: dollars.optional(),
  partyOpen: z.int().min(1).max(10_000).optional(),
  partyOpenUsd: dollars.optional(),
  open: z.int().min(1).max(100_000).optional(),
  openUsd: dollars.optional(),
})

/** Of one party, and to one payee; what is left out is as in `gateway/payouts/payoutState/limits.ts`. */
export const payoutConfig = z.strictObject({
  party: share.optional(),
  payee: share.optional(),
  /** Lists of fees that say what rails charge, in place of their own word and of what they really charged: by rail (`evm:8453`) or kind of rail. */
  feeLists: z
    .record(
      z
        .string()
        .regex(
          /^(lightning|bank(:us(-same-day)?)?|evm(:[1-9][0-9]{0,15})?|custom(:[a-z0-9][a-z0-9-]{0,39})?)$/,
          'a rail or a kind of rails',
        ),
      z.string().max(60),
    )
    .optional(),
  quotes: quotes.optional(),
})

export type PayoutConfig = z.infer<typeof payoutConfig>
