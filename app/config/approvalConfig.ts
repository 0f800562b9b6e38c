import { z } from 'zod'
import { dollars } from './feeConfig.ts'

/** What waits for another person than the one who asks, besides what parties say of their own. */
export const approvalConfig = z.strictObject({
  /** What may leave one balance in a UTC day without another operator's word; without it, all. */
  payoutsUsdMax: dollars.optional(),
  /** An operator makes no further key alone. */
  operatorKeys: z.boolean().default(false),
  /** How long anything waits, in hours. */
  waitHours: z.int().min(1).max(720).default(72),
})
