import { GatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import { sameAsset, USD } from '../money/asset.ts'
import { compare, type Money, money, showMoney } from '../money/money.ts'

/** Both in USD. `perDay` counts any 24 hours, so no midnight doubles it. */
export type BudgetLimits = Readonly<{ perRequest: Money; perDay: Money }>

const DAY_MS = 24 * 60 * 60 * 1000

export interface Budget {
  /** Refuses what is above a limit, without setting anything aside. */
  check(cost: Money): void
  /** Sets the cost aside; the function gives it back, for payments that certainly did not happen. Throws `budget_exceeded`. */
  reserve(cost: Money): () => void
  /** What was set aside in the last 24 hours. */
  spent(): Money
}

/** Keeps what was spent, in memory. What may have been spent counts as spent. */
export function createBudget(limits: BudgetLimits, now: () => number): Budget {
  for (const limit of [limits.perRequest, limits.perDay]) {
    invariant(sameAsset(limit.asset, USD) && limit.units >= 0n, 'a budget is in USD and not negative')
  }
  let spends: readonly Readonly<{ at: number; units: bigint }>[] = []
  function spent(): Money {
    const since = now() - DAY_MS
    spends = spends.filter((spend) => spend.at > since)
    return money(
      USD,
      spends.reduce((sum, spend) => sum + spend.units, 0n),
    )
  }
  function check(cost: Money): void {
    if (compare(cost, limits.perRequest) > 0) {
      throw new GatewayError(
        'budget_exceeded',
        `${showMoney(cost)} is more than the ${showMoney(limits.perRequest)} allowed for one request`,
      )
    }
    const before = spent()
    if (before.units + cost.units > limits.perDay.units) {
      throw new GatewayError(
        'budget_exceeded',
        `${showMoney(cost)} after ${showMoney(before)} is more than the ${showMoney(limits.perDay)} allowed for 24 hours`,
      )
    }
  }
  return {
    check,
    spent,
    reserve(cost) {
      check(cost)
      const spend = { at: now(), units: cost.units }
      spends = [...spends, spend]
      return () => {
        spends = spends.filter((other) => other !== spend)
      }
    },
  }
}
