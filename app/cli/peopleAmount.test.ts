import { expect, test } from 'vitest'
import { BTC, USD } from '../../gateway/money/asset.ts'
import { inUnit, peopleAmount, unitOf } from './peopleAmount.ts'

test.each([
  ['0.00000002', '2 sat'],
  ['0.00000000001', '0.001 sat'],
  ['-0.0001', '-10000 sat'],
  ['0', '0 sat'],
])('%s BTC is told as %s', (amount, told) => {
  expect(peopleAmount({ asset: 'BTC', amount })).toBe(told)
})

test('other assets stay as they are', () => {
  expect(peopleAmount({ asset: 'EUR', amount: '2.50' })).toBe('2.50 EUR')
  expect([unitOf(USD).code, inUnit({ asset: USD, units: 2_000n }), inUnit({ asset: BTC, units: 2_000n })]).toEqual(['USD', '0.002', '2'])
})
