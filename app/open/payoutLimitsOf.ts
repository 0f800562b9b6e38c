import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { type PayoutLimits, payoutLimits } from '../../gateway/payouts/payoutState/limits.ts'
import type { PayoutConfig } from '../config/payoutConfig.ts'

/** Nano-USD in a unit of USD. */
const NANO_PER_UNIT = 1_000n

/** How much may be under way: the house's limits, with what the configuration says in their place. */
export function payoutLimitsOf(config: PayoutConfig = {}): PayoutLimits {
  const shareOf = (of: 'party' | 'payee') => {
    const usual = payoutLimits[of]
    const { open, openUsd, slots, slotHours } = config[of] ?? {}
    return {
      openMax: open ?? usual.openMax,
      openNanoMax: openUsd === undefined ? usual.openNanoMax : parseAmount(openUsd, USD).units * NANO_PER_UNIT,
      slotsMax: slots ?? usual.slotsMax,
      slotHoursADay: slotHours ?? usual.slotHoursADay,
    }
  }
  return { party: shareOf('party'), payee: shareOf('payee'), slotGraceMs: payoutLimits.slotGraceMs }
}
