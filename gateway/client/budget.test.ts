import { describe, expect, test } from 'vitest'
import { EUR, USD } from '../money/asset.ts'
import { money } from '../money/money.ts'
import { createBudget } from './budget.ts'

const usd = (units: bigint) => money(USD, units)
const DAY = 86_400_000

describe('a budget', () => {
  test('allows exactly its limits and refuses one unit more', () => {
    const budget = createBudget({ perRequest: usd(10n), perDay: usd(25n) }, () => 0)
    expect(() => budget.reserve(usd(11n))).toThrow(expect.objectContaining({ code: 'budget_exceeded' }))
    budget.reserve(usd(10n))
    budget.reserve(usd(10n))
    expect(() => budget.reserve(usd(6n))).toThrow(expect.objectContaining({ code: 'budget_exceeded' }))
    budget.reserve(usd(5n))
    expect(budget.spent().units).toBe(25n)
  })
  test('counts any 24 hours', () => {
    let now = 0
    const budget = createBudget({ perRequest: usd(10n), perDay: usd(10n) }, () => now)
    budget.reserve(usd(10n))
    now = DAY - 1
    expect(() => budget.check(usd(1n))).toThrow('24 hours')
    now = DAY
    budget.check(usd(10n))
  })
  test('gives back what was certainly not spent, once', () => {
    const budget = createBudget({ perRequest: usd(10n), perDay: usd(20n) }, () => 0)
    const release = budget.reserve(usd(10n))
    budget.reserve(usd(10n))
    release()
    release()
    expect(budget.spent().units).toBe(10n)
  })
  test('is in dollars', () => {
    expect(() => createBudget({ perRequest: money(EUR, 1n), perDay: usd(1n) }, () => 0)).toThrow('USD')
    expect(() => createBudget({ perRequest: usd(1n), perDay: usd(-1n) }, () => 0)).toThrow('not negative')
  })
})
