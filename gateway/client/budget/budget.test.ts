import { describe, expect, test } from 'vitest'
import { EUR, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { type BudgetLimits, createBudget, SPENT_KEY } from './budget.ts'
import type { BudgetStore } from './budgetStore.ts'
import { memoryStore } from './memoryStore.ts'

const usd = (units: bigint) => money(USD, units)
const DAY = 86_400_000
const origin = 'https://api.example.com'
const limits = (perRequest: bigint, perDay: bigint): BudgetLimits => ({ perRequest: usd(perRequest), perDay: usd(perDay), sites: ['*'] })
const open = (o: BudgetLimits, { store = memoryStore(), now = () => 0 }: { store?: BudgetStore; now?: () => number } = {}) => {
  const budget = createBudget(o, { store, now, openIds: async () => ALL })
  return {
    check: (units: bigint, site = origin) => budget.check({ cost: usd(units), origin: site }),
    reserve: (units: bigint) => budget.reserve({ cost: usd(units), origin }),
    spent: async () => (await budget.spent()).units,
  }
}
/** Of each payment here it is written down that it is open. */
const ALL = Object.assign(new Set<string>(), { has: () => true })
const refusal = (code: string) => expect.objectContaining({ name: 'GatewayError', code })

describe('a budget', () => {
  test('allows exactly its limits and refuses one unit more', async () => {
    const budget = open(limits(10n, 25n))
    await expect(budget.reserve(11n)).rejects.toEqual(refusal('budget_exceeded'))
    await budget.reserve(10n)
    await budget.reserve(10n)
    await expect(budget.reserve(6n)).rejects.toEqual(refusal('budget_exceeded'))
    await budget.reserve(5n)
    expect(await budget.spent()).toBe(25n)
  })
  test('counts any 24 hours', async () => {
    let now = 0
    const budget = open(limits(10n, 10n), { now: () => now })
    await budget.reserve(10n)
    now = DAY - 1
    await expect(budget.check(1n)).rejects.toThrow('24 hours')
    now = DAY
    await budget.check(10n)
  })
  test('gives back what was certainly not spent, once', async () => {
    const budget = open(limits(10n, 20n))
    const release = await budget.reserve(10n)
    await budget.reserve(10n)
    await release()
    await release()
    expect(await budget.spent()).toBe(10n)
  })
  test('stays exact in a store that does not grow, however much is spent', async () => {
    let now = 0
    const store = memoryStore()
    const budget = open(limits(10n, 100_000n), { store, now: () => now++ })
    for (let i = 0; i < 2_000; i++) await budget.reserve(3n)
    expect(await budget.spent()).toBe(6_000n)
    expect((await store.get(SPENT_KEY))!.length).toBeLessThan(20_000)
    now = DAY - 10
    expect(await budget.spent()).toBe(6_000n)
    now = 2 * DAY
    expect(await budget.spent()).toBe(0n)
  })
  test('is shared by all who share its store', async () => {
    const store = memoryStore()
    const budgets = Array.from({ length: 8 }, () => open(limits(1n, 20n), { store }))
    const results = await Promise.allSettled(budgets.flatMap((budget) => Array.from({ length: 5 }, () => budget.reserve(1n))))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
    expect(await open(limits(1n, 20n), { store }).spent()).toBe(20n)
  })
})

describe('a budget that could not be meant is refused at once', () => {
  test.each<[string, unknown]>([
    ['perRequest and perDay', undefined],
    ['USD', { perRequest: money(EUR, 1n), perDay: usd(1n), sites: ['*'] }],
    ['no amount', { perRequest: 0.01, perDay: usd(1n), sites: ['*'] }],
    ['not negative', { perRequest: usd(1n), perDay: usd(-1n), sites: ['*'] }],
    ['names its sites', { perRequest: usd(1n), perDay: usd(1n) }],
    ['names its sites', { perRequest: usd(1n), perDay: usd(1n), sites: [] }],
    ['no site', { perRequest: usd(1n), perDay: usd(1n), sites: ['https://api.example.com/path'] }],
  ])('%s', (message, given) => {
    expect(() => open(given as BudgetLimits)).toThrow(expect.objectContaining({ code: 'unsafe_configuration' }))
    expect(() => open(given as BudgetLimits)).toThrow(message)
  })
  test.each([
    ['perRequest', limits(0n, 5n)],
    ['perDay', limits(5n, 0n)],
  ])('and one of zero says which limit to raise: %s', (name, given) => {
    expect(() => open(given)).toThrow(
      expect.objectContaining({
        code: 'unsafe_configuration',
        shortMessage: `budget.${name} is 0 USD, which pays nothing`,
        hint: expect.stringMatching(`Raise budget.${name} above 0`),
      }),
    )
  })
})

describe('sites', () => {
  const at = (sites: string[], url: string) => open({ perRequest: usd(1n), perDay: usd(1n), sites }).check(1n, url)
  test.each([
    ['api.example.com', 'https://api.example.com'],
    ['api.example.com', 'http://api.example.com:8402'],
    ['API.example.com:443', 'https://api.example.com'],
    ['https://api.example.com', 'https://api.example.com'],
    ['*.example.com', 'https://a.b.example.com'],
    ['[::1]:8402', 'http://[::1]:8402'],
    ['*', 'https://anything.example'],
  ])('%s allows %s', async (site, url) => {
    await at([site], url)
  })
  test.each([
    ['api.example.com', 'https://example.com'],
    ['example.com', 'https://api.example.com'],
    ['example.com', 'https://notexample.com'],
    ['*.example.com', 'https://example.com'],
    ['*.example.com', 'https://notexample.com'],
    ['https://api.example.com', 'http://api.example.com'],
    ['api.example.com:8402', 'https://api.example.com'],
  ])('%s does not allow %s', async (site, url) => {
    await expect(at([site], url)).rejects.toMatchObject({
      code: 'budget_exceeded',
      meta: { limit: 'sites' },
      hint: expect.stringContaining(`Add '${new URL(url).host}' to budget.sites`),
    })
  })
})

describe('a store that fails', () => {
  const get = async () => undefined
  test.each<[string, BudgetStore]>([
    ['disk full', { get, set: () => Promise.reject(new Error('disk full')) }],
    ['unreachable', { get: () => Promise.reject(new Error('unreachable')), set: async () => true }],
    ['no list of spends', { get: async () => 'nonsense', set: async () => true }],
    ['answered undefined', { get, set: async () => undefined as unknown as boolean }],
  ])('stops the payment: %s', async (message, store) => {
    const refused = open(limits(5n, 5n), { store }).reserve(1n)
    await expect(refused).rejects.toEqual(refusal('budget_store_failed'))
    await expect(refused).rejects.toThrow(message)
  })
  test('always by somebody else being first is busy', async () => {
    await expect(open(limits(5n, 5n), { store: { get, set: async () => false } }).reserve(1n)).rejects.toEqual(refusal('too_busy'))
  })
})
