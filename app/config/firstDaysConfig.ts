import { z } from 'zod'
import { dollars } from './feeConfig.ts'

/** What one payment, and all of a UTC day, may be worth in the first days of a gateway with real money; `false` lifts it. */
export const firstDaysConfig = z.union([
  z.literal(false),
  z.strictObject({
    days: z.int().min(1).max(90).default(7),
    paymentUsd: dollars.default('250'),
    dayUsd: dollars.default('2500'),
  }),
])
