import { z } from 'zod'

/** A difference up to `amount` at a rail that closes its days is booked by itself: of what it charges (`fee`), or of all else (`payment`). */
const tolerance = z.strictObject({
  rail: z.enum(['bank', 'bank:us'], 'bank or bank:us, the rails that close their days'),
  asset: z.string().min(1).max(100),
  kind: z.enum(['payment', 'fee']),
  amount: z.string().regex(/^[0-9]+(\.[0-9]+)?$/, 'a decimal such as "0.01"'),
})

export const reconciliationConfig = z.strictObject({ tolerances: z.array(tolerance).max(16).default([]) })
