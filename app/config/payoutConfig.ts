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
export const payoutConfig = z.strictObject({ party: share.optional(), payee: share.optional() })

export type PayoutConfig = z.infer<typeof payoutConfig>
