import { expect, onTestFinished, test } from 'vitest'
import { configuredRates } from '../../adapters/rates/configuredRates.ts'
import { ratesConfig } from '../../app/config/ratesConfig.ts'
import { openReference } from '../../app/open/openReference.ts'
import { BTC, EUR, GBP, USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { convert } from '../../gateway/money/rate.ts'
import { createValuation } from '../../gateway/treasury/positions/valuation.ts'
import { playExchanges } from './playedExchanges.ts'

const DAY_MS = 86_400_000
const TUESDAY = { USD: '1.2500', GBP: '0.8000' }
const WEDNESDAY = { USD: '1.2400', GBP: '0.8010' }

/** The played central bank on a clock that starts at a noon of 2026-11-25, a Wednesday. */
async function authority() {
  let now = Date.parse('2026-11-25T12:00:00Z')
  const clock = { now: () => now }
  const played = await playExchanges(clock)
  const book = openReference({ network: 'local', rates: ratesConfig.parse({ ecb: { url: played.ecb } }) }, clock)!
  onTestFinished(() => book.close())
  const market = configuredRates(
    [
      { asset: BTC, usd: '100000' },
      { asset: EUR, usd: '1.3' },
    ],
    clock,
  )
  return {
    ...played,
    book,
    in: (currency: typeof USD) => createValuation({ market, currency, reference: book }),
    async after(days: number) {
      now += days * DAY_MS
      await book.round()
    },
    problems: () => book.problems().map(({ detail }) => detail),
  }
}

test('books are valued between currencies by the day’s word, and through the dollar from the market, exactly', async () => {
  const a = await authority()
  a.publish({ '2026-11-24': TUESDAY })
  await a.book.round()
  const { peek, said } = a.in(GBP).by()
  expect(said).toEqual({ source: 'ecb', date: '2026-11-24' })
  // Eighty pence are one euro, and that is 1.25 dollars: a dollar is 64 pence.
  expect(convert(parseAmount('1', EUR), peek(EUR, GBP), 'down').units).toBe(800_000n)
  expect(convert(parseAmount('1', USD), peek(USD, GBP), 'down').units).toBe(640_000n)
  const rate = peek(BTC, GBP)
  expect(convert(parseAmount('1', BTC), rate, 'down').units).toBe(64_000_000_000n)
  expect([rate.source, new Date(rate.observedAt).toISOString()]).toEqual(['configuration, ecb 2026-11-24', '2026-11-24T00:00:00.000Z'])
  // The market says 1.3; in books it is the authority's, also in dollars.
  expect(convert(parseAmount('1', EUR), a.in(USD).by().peek(EUR, USD), 'down').units).toBe(1_250_000n)
})

test('a day without rates has those of the last day before it, with that date; too long a silence is none at all', async () => {
  const a = await authority()
  a.publish({ '2026-11-24': TUESDAY, '2026-11-20': WEDNESDAY })
  await a.book.round()
  const { by } = a.in(EUR)
  expect(by('2026-11-22').said?.date).toBe('2026-11-20')
  expect(() => by('2026-11-19')).toThrow(/ecb has no rates of 2026-11-19/)
  await a.after(5)
  expect([by().said?.date, a.problems()]).toEqual(['2026-11-24', [expect.stringContaining('are of 2026-11-24')]])
  await a.after(5)
  // The market is left, and for a pound nobody.
  expect(by().said).toBeUndefined()
  expect(() => a.in(GBP).by().peek(USD, GBP)).toThrow(/no rate from USD to GBP/)
})

test('what was said first of a day stays, months are read once, and a later day is added', async () => {
  const a = await authority()
  a.publish({ '2026-11-24': TUESDAY })
  await a.book.round()
  a.publish({ '2026-11-25': WEDNESDAY, '2026-11-24': { USD: '1.3', GBP: '0.8' } })
  await a.after(0)
  expect(a.asked.map((path) => path.split('-').at(-1))).toEqual(['90d.xml', 'daily.xml'])
  expect([a.book.on()?.date, a.book.on('2026-11-24')?.perEuro.get('USD')]).toEqual(['2026-11-25', { num: 5n, den: 4n }])
})

test.each<[string, Parameters<Awaited<ReturnType<typeof authority>>['publish']>[0], RegExp]>([
  ['a page of words', '<!doctype html><title>Just a moment</title>', /what are no reference rates/],
  ['rates of a day to come', { '2026-12-24': WEDNESDAY }, /still to come/],
  ['a rate ten times too high', { '2026-11-25': { USD: '12.5', GBP: '0.8' } }, /rate of USD that is more than 10 %/],
  ['a day without the dollar', { '2026-11-25': { GBP: '0.8' } }, /no rate of USD/],
])('%s is not taken, and the days before stand', async (_, file, words) => {
  const a = await authority()
  a.publish({ '2026-11-24': TUESDAY })
  await a.book.round()
  a.publish(file)
  await a.after(0)
  expect(a.book.on()?.date).toBe('2026-11-24')
  await a.after(6)
  expect(a.problems().join()).toMatch(words)
})

test('one that does not answer leaves the market, and a day that is asked for is refused', async () => {
  const a = await authority()
  await a.book.round()
  const { by } = a.in(EUR)
  expect(by().said).toBeUndefined()
  expect(() => by('2026-11-24')).toThrow(/no rates of 2026-11-24/)
  expect(a.problems()).toEqual([expect.stringContaining('ecb answers 500')])
})

test('a first word that was wrong is told of with the first true one, and not after days; a new start reads all anew', async () => {
  const a = await authority()
  a.publish({ '2026-11-24': { USD: '12.5', GBP: '0.8' } })
  await a.book.round()
  expect(a.problems()).toEqual([])
  a.publish({ '2026-11-25': WEDNESDAY })
  await a.after(1)
  expect(a.problems()).toEqual([expect.stringMatching(/of 2026-11-25 a rate of USD that is more than 10 %.*start again/)])
})
