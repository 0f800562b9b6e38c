import { expect, test } from 'vitest'
import { type BudgetPeriod, periodOf } from './budgetPeriod.ts'

test.each<[BudgetPeriod, string, string, string]>([
  ['daily', '2026-11-21T23:59:59.999Z', '2026-11-21', '2026-11-22'],
  ['daily', '2026-11-22T00:00:00.000Z', '2026-11-22', '2026-11-23'],
  ['weekly', '2026-11-22T12:00:00.000Z', '2026-11-16', '2026-11-23'],
  ['weekly', '2026-11-23T00:00:00.000Z', '2026-11-23', '2026-11-30'],
  ['weekly', '2026-01-01T00:00:00.000Z', '2025-12-29', '2026-01-05'],
  ['monthly', '2026-02-28T12:00:00.000Z', '2026-02-01', '2026-03-01'],
  ['monthly', '2026-12-31T12:00:00.000Z', '2026-12-01', '2027-01-01'],
  ['yearly', '2028-02-29T00:00:00.000Z', '2028-01-01', '2029-01-01'],
])('%s at %s: from %s to %s', (period, now, since, until) => {
  expect(periodOf(period, Date.parse(now))).toEqual({ since: Date.parse(since), until: Date.parse(until) })
})

test('a budget that never begins anew counts from the beginning', () => {
  expect(periodOf('never', 1)).toEqual({ since: undefined, until: undefined })
})
