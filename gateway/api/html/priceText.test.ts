import { expect, test } from 'vitest'
import { BTC, EUR, USD } from '../../money/asset.ts'
import { parseAmount } from '../../money/money.ts'
import { priceText } from './priceText.ts'

test.each([
  ['3', USD, '3.00 USD'],
  ['2.5', USD, '2.50 USD'],
  ['0.002', USD, '0.002 USD'],
  ['1234567.8', EUR, '1,234,567.80 EUR'],
  ['0.0003', BTC, '30,000 sat'],
  ['0.00000001123', BTC, '1.123 sat'],
  ['0.00000000005', BTC, '0.005 sat'],
  ['21000000', BTC, '2,100,000,000,000,000 sat'],
])('%s is shown to people as a price', (amount, asset, shown) => {
  expect(priceText(parseAmount(amount, asset))).toBe(shown)
})
