import { expect, test } from 'vitest'
import { BTC, EUR, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { ReadFact, ReadModel } from '../../ports/readModel.ts'
import { recordedRates } from '../rates/recordedRates.ts'
import { createWorthThen } from './worthThen.ts'

const HOUR = 3_600_000
const T = Date.parse('2026-11-20T10:00:00Z')
const idAt = (ms: number) => `rt_${ms.toString(16).padStart(12, '0')}${'7'.repeat(20)}`

/** Prices that were written at a time, as the read model has the fact. */
function written(at: number, prices: Readonly<Record<string, string>>): ReadFact {
  const data = Object.entries(prices).map(([code, value]) => [code, { value, bid: value, ask: value, observedAt: at - 5_000, sources: [] }])
  const id = idAt(at)
  return { seq: 1, n: 0, subject: id, type: 'rates.used', id, at, data: JSON.stringify({ prices: Object.fromEntries(data) }) }
}

function reading(facts: readonly ReadFact[]): Pick<ReadModel, 'newestBetween'> {
  return {
    newestBetween: (after, before) =>
      facts.filter(({ subject }) => subject > after && subject < before).sort((a, b) => (a.subject < b.subject ? 1 : -1))[0],
  }
}

const recorded = recordedRates(
  reading([written(T, { BTC: '100000/1', EUR: '11/10' }), written(T + HOUR, { BTC: '90000/1' }), written(T + 2 * HOUR, { EUR: '12/10' })]),
)
const worth = createWorthThen({ currency: USD, past: { recorded }, reference: undefined })
const oneBitcoin = money(BTC, 10n ** 11n)

test('what moved is worth what the last rate before it says, with its age', () => {
  expect(worth(oneBitcoin, T)).toEqual({ value: money(USD, 100_000_000_000n), source: idAt(T), observedAt: T - 5_000 })
  expect(worth(oneBitcoin, T + HOUR - 1)?.value.units).toBe(100_000_000_000n)
  expect(worth(oneBitcoin, T + HOUR)?.value.units).toBe(90_000_000_000n)
  // The newest set has no bitcoin: the one before it has, and says of when it is.
  expect(worth(oneBitcoin, T + 9 * HOUR)).toEqual({
    value: money(USD, 90_000_000_000n),
    source: idAt(T + HOUR),
    observedAt: T + HOUR - 5_000,
  })
  expect(worth(money(EUR, -1_000_001n), T + 9 * HOUR)?.value.units).toBe(-1_200_001n)
})

test('before the first rate nothing is known, and nothing is made up', () => {
  expect(worth(oneBitcoin, T - 1)).toBeUndefined()
  expect(worth(money(USD, 5n), T - 1)).toEqual({ value: money(USD, 5n), source: 'the same currency', observedAt: undefined })
})

test('between currencies the authority of the day has the word, and the market beyond its days', () => {
  const day = { date: '2026-11-20', perEuro: new Map([['USD', { num: 13n, den: 10n }]]) }
  const reference = { name: 'ECB', on: (date?: string) => (date! >= '2026-11-20' ? day : undefined) }
  const books = createWorthThen({ currency: EUR, past: { recorded }, reference })
  expect(books(money(USD, 1_300_000n), T)).toEqual({
    value: money(EUR, 1_000_000n),
    source: 'ECB 2026-11-20',
    observedAt: Date.parse(day.date),
  })
  // Bitcoin goes to dollars by the market and on by the day's word.
  expect(books(oneBitcoin, T)?.value.units).toBe(76_923_076_923n)
  expect(books(oneBitcoin, T)?.source).toBe(`${idAt(T)}, ECB 2026-11-20`)
})

test('a constant says whose it is, and no time that it does not have', () => {
  const constants = { peek: () => ({ from: BTC, to: USD, num: 1n, den: 2n, observedAt: 9, source: 'configuration' }) }
  const fixed = createWorthThen({ currency: USD, past: { constants }, reference: undefined })
  expect(fixed(money(BTC, 7n), T)).toEqual({ value: money(USD, 3n), source: 'configuration', observedAt: undefined })
})
