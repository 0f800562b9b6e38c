import { z } from 'zod'
import { dollars } from './feeConfig.ts'

/** How much may be under way: payouts without an end, what they are worth, Lightning slots at once, and slot-hours in a day. */
const share = z.strictObject({
  open: z.int().min(1).max(10_000).optional(),
  openUsd: dollars.optional(),
  slots: z.int().min(1).max(483).optional(),
  slotHours: z.int().min(1).max(10_000).optional(),
})

/** Of one party, and to one payee; what is left out is as in `gateway/payouts/payout/limits.ts`. */
export const payoutConfig = z.strictObject({
  party: share.optional(),
  payee: share.optional(),
  /** Lists of fees that say what rails charge, in place of their own word and of what they really charged: by rail (`evm:8453`) or kind of rail. */
  feeLists: z
    .record(
      z.string().regex(/^(lightning|bank|evm(:[1-9][0-9]{0,15})?|custom(:[a-z0-9][a-z0-9-]{0,39})?)$/, 'a rail or a kind of rails'),
      z.string().max(60),
    )
    .optional(),
})

export type PayoutConfig = z.infer<typeof payoutConfig>
