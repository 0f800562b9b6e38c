import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { type ExposureLimits, exposureLimits } from '../../gateway/payins/exposure/limits.ts'
import type { ExposureConfig } from '../config/exposureConfig.ts'

/** What may be owed: the house's limits, with what the configuration says in their place. */
export function exposureOf({ newPayersUsd, agentUsd, payerUsd, routeUsd, gatewayUsd }: ExposureConfig = {}): ExposureLimits {
  const unitsOf = (usd: string | undefined, usual: bigint) => (usd === undefined ? usual : parseAmount(usd, USD).units)
  return {
    newPayersUnits: unitsOf(newPayersUsd, exposureLimits.newPayersUnits),
    agentUnits: unitsOf(agentUsd, exposureLimits.agentUnits),
    payerUnits: unitsOf(payerUsd, exposureLimits.payerUnits),
    routeUnits: unitsOf(routeUsd, exposureLimits.routeUnits),
    gatewayUnits: unitsOf(gatewayUsd, exposureLimits.gatewayUnits),
  }
}
