import { showMoney } from '../../../gateway/money/money.ts'
import type { GatewayConfig } from '../../config/config.ts'
import { firstDaysLimits } from '../../open/firstDaysOf.ts'
import { type Finding, good, warn } from './finding.ts'

/** What limits payments in the first days where money is real. */
export function firstDaysFindings(config: Pick<GatewayConfig, 'network' | 'firstDays'>): Finding[] {
  if (config.network !== 'mainnet') return []
  const limits = firstDaysLimits(config)
  if (!limits)
    return [warn('firstDays', 'nothing limits what the first days may move', 'Leave firstDays out, unless all was tried before.')]
  const { days, payment, day } = limits
  return [
    good('firstDays', `for its first ${days} days at most ${showMoney(payment)} a payment and ${showMoney(day)} a day; false lifts it`),
  ]
}
