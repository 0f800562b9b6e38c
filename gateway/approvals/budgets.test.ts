import { expect, test } from 'vitest'
import { USD } from '../money/asset.ts'
import { money } from '../money/money.ts'
import { BUDGET_PERIODS, periodOf } from '../wallets/wallet/budgetPeriod.ts'
import { mostOf } from './budgets.ts'

const DAY_MS = 86_400_000
const ofOne = money(USD, 1n)

test.for([
  ['never', undefined, 1n],
  ['daily', undefined, 32n],
  ['weekly', undefined, 6n],
  ['monthly', undefined, 3n],
  ['yearly', undefined, 2n],
  ['daily', 1, 2n],
  ['daily', 2 * DAY_MS, 3n],
  ['daily', 365 * DAY_MS, 32n],
] as const)('a budget that begins anew %s and ends after %s ms is weighed as %s of it', ([period, lifeMs, times]) => {
  expect(mostOf(ofOne, { period, lifeMs }).units).toBe(times)
})

test('no stretch of time begins more periods than are weighed, wherever in the year it lies', () => {
  for (const period of BUDGET_PERIODS)
    for (const days of [1, 7, 31])
      for (let from = Date.UTC(2026, 0, 1, 13); from < Date.UTC(2029, 0, 1); from += DAY_MS) {
        let touched = 0n
        let next: number | undefined = from
        while (next !== undefined && next < from + days * DAY_MS) {
          touched += 1n
          next = periodOf(period, next).until
        }
        expect(touched).toBeLessThanOrEqual(mostOf(ofOne, { period, lifeMs: days * DAY_MS }).units)
      }
})
