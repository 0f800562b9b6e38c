import { expect, test } from 'vitest'
import { decimalOf, over, perMille, shortened, times, unitsOf } from './decimals.ts'

test.each(['0', '1.5', '-0.000000000000000001', '123456789012345678901234567890.25'])('%s is read and written as it is', (text) => {
  expect(decimalOf(unitsOf(text)!)).toBe(text)
})

test.each(['', 'x', '1e3', '1.', '.5', ' 1', '1.0000000000000000001', 5, null])('%j is no decimal', (text) => {
  expect(unitsOf(text)).toBeUndefined()
})

test('they multiply, divide and are cut as decimals are', () => {
  const [a, b] = [unitsOf('1.5')!, unitsOf('0.4')!]
  expect([times(a, b), over(a, b)].map(decimalOf)).toEqual(['0.6', '3.75'])
  expect(over(a, 0n)).toBe(0n)
  expect(shortened(unitsOf('1.23456789')!, 4)).toBe('1.2345')
  expect([perMille(a, b), perMille(b, a), perMille(b, 0n)]).toEqual([3750, 266, 0])
})
