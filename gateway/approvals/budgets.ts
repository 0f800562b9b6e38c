import { ceilDiv } from '../money/integers.ts'
import { type Money, money } from '../money/money.ts'
import type { BudgetPeriod } from '../wallets/wallet/budgetPeriod.ts'

const DAY_MS = 86_400_000
/** A budget without an end is weighed by what it lets out in so long. */
const HORIZON_MS = 31 * DAY_MS
const SHORTEST_DAYS: Readonly<Record<Exclude<BudgetPeriod, 'never'>, number>> = { daily: 1, weekly: 7, monthly: 28, yearly: 365 }

/**
 * The most that a budget which begins anew lets out until its end, at most in 31 days, whenever they begin: a day and a night touch two days. So it is the same
 * when it is asked for and when it is used.
 */
export function mostOf(budget: Money, { period, lifeMs }: Readonly<{ period: BudgetPeriod; lifeMs: number | undefined }>): Money {
  if (period === 'never') return budget
  const within = lifeMs === undefined || lifeMs > HORIZON_MS ? HORIZON_MS : lifeMs
  const periods = ceilDiv(BigInt(within), BigInt(SHORTEST_DAYS[period] * DAY_MS)) + 1n
  return money(budget.asset, budget.units * periods)
}
