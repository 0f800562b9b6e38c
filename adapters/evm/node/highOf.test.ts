import { expect, test } from 'vitest'
import { highOf } from './fees.ts'

test.each([
  [[], 0n],
  [[7n], 7n],
  [[1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 100n], 9n],
  [[100n, 9n, 8n, 7n, 6n, 5n, 4n, 3n, 2n, 90n], 90n],
])('of %s nine of ten do not exceed %s', (prices, high) => {
  expect(highOf(prices)).toBe(high)
})
