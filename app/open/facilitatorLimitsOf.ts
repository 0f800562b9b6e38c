import { type FacilitatorLimits, facilitatorLimits } from '../../gateway/facilitator/limits.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { FacilitatorConfig } from '../config/facilitatorConfig.ts'

const MS_PER_S = 1_000

/** What sellers may have settled: the house's limits, with what the configuration says in their place. */
export function facilitatorLimitsOf(config: FacilitatorConfig = {}): FacilitatorLimits {
  const { feeUsd, perDay, inFlight, failedPerDay, waitS } = config
  const usual = facilitatorLimits
  return {
    feeUnits: feeUsd === undefined ? usual.feeUnits : parseAmount(feeUsd, USD).units,
    perDay: perDay ?? usual.perDay,
    inFlight: inFlight ?? usual.inFlight,
    failedPerDay: failedPerDay ?? usual.failedPerDay,
    waitMs: waitS === undefined ? usual.waitMs : waitS * MS_PER_S,
  }
}
