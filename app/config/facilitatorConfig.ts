import { z } from 'zod'
import { dollars } from './feeConfig.ts'

/** What each seller elsewhere may have settled; what is left out is as in `gateway/facilitator/limits.ts`. */
export const facilitatorConfig = z.strictObject({
  /** For each payment, on top of the gas that is expected. */
  feeUsd: dollars.optional(),
  /** Payments in a day (UTC); 0 settles none. */
  perDay: z.int().min(0).max(100_000_000).optional(),
  inFlight: z.int().min(1).max(10_000).optional(),
  failedPerDay: z.int().min(1).max(100_000).optional(),
  /** How long `/settle` waits for a block before it answers `settlement_pending`; clients wait 90 seconds. */
  waitS: z.int().min(1).max(60).optional(),
})

export type FacilitatorConfig = z.infer<typeof facilitatorConfig>
