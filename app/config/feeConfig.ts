import { z } from 'zod'

/** Dollars, to the millionth. */
export const dollars = z.string().regex(/^(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?$/, 'dollars such as "12.50", six decimals at most')

/** What one payment may cost on a rail: so many dollars, or so many millionths of its amount, whichever is more. */
const terms = z.strictObject({ baseUsd: dollars.optional(), ppm: z.int().min(0).max(1_000_000).optional() })

/** What payments out may cost the operator; what is left out is as in `gateway/payouts/fees/policy.ts`. */
export const feeConfig = z.strictObject({
  lightning: terms.optional(),
  evm: terms.optional(),
  bank: terms.optional(),
  custom: terms.optional(),
  /** In a day (UTC), of all but refunds; of all refunds that payers fetch; of one party; of one withdrawal link or one wallet app. */
  dayUsd: dollars.optional(),
  refundsDayUsd: dollars.optional(),
  partyDayUsd: dollars.optional(),
  allowanceDayUsd: dollars.optional(),
})

export type FeeConfig = z.infer<typeof feeConfig>
