import { usd } from '../../gateway/money/dollars.ts'
import type { GatewayConfig } from '../config/config.ts'

const MS_PER_HOUR = 3_600_000

/** What waits for another person, as the configuration says it. */
export function approvalsOf({ approvals: { payoutsUsdMax, waitHours, operatorKeys } }: Pick<GatewayConfig, 'approvals'>) {
  return { payoutsUsdMax: payoutsUsdMax === undefined ? undefined : usd(payoutsUsdMax), waitMs: waitHours * MS_PER_HOUR, operatorKeys }
}
