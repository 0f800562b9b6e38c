import { expect, test } from 'vitest'
import { BTC, EUR, USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { convert } from '../../gateway/money/rate.ts'
import { configuredRates } from './configuredRates.ts'

const clock = { now: () => 1_700_000_000_000 }
const rates = configuredRates(
  [
    { asset: BTC, usd: '100000' },
    { asset: EUR, usd: '1.08' },
  ],
  clock,
)

test('a cent in dollars is ten satoshi at 100,000 dollars a bitcoin', () => {
  expect(convert(parseAmount('0.01', USD), rates.rate(USD, BTC), 'up').units).toBe(10_000n)
})

test('a rate crosses through the dollar and rounds as it is told', () => {
  const got = parseAmount('1', EUR)
  expect(convert(got, rates.rate(EUR, BTC), 'down').units).toBe(1_080_000n)
  expect(convert(parseAmount('0.002', USD), rates.rate(USD, EUR), 'up').units).toBe(1_852n)
  expect(convert(parseAmount('0.002', USD), rates.rate(USD, EUR), 'down').units).toBe(1_851n)
})

test('an asset without a price is refused', () => {
  const other = { id: 'XAU', code: 'XAU', scale: 6, ledger: 99 }
  expect(() => rates.rate(USD, other)).toThrow(/no rate from USD to XAU/)
})
