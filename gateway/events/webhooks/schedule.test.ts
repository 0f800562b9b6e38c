import { expect, test } from 'vitest'
import { nextTryIn, retryAfterMs } from './schedule.ts'

const HOUR = 3_600_000
const plain = { askedMs: undefined, random: 0 }

test('there are ten tries over a little more than three days, and then it is given up', () => {
  const waits = Array.from({ length: 9 }, (_, i) => nextTryIn(i + 1, plain)!)
  expect(waits.reduce((sum, wait) => sum + wait, 0) / HOUR).toBeCloseTo(75.58, 1)
  expect(nextTryIn(10, plain)).toBeUndefined()
})

test('a receiver makes the wait longer, to a day, and never shorter; those who failed together come apart', () => {
  expect(nextTryIn(1, { askedMs: 60_000, random: 0 })).toBe(60_000)
  expect(nextTryIn(3, { askedMs: 1_000, random: 0 })).toBe(1_800_000)
  expect(nextTryIn(1, { askedMs: 1_000 * HOUR, random: 0 })).toBe(24 * HOUR)
  expect(nextTryIn(1, { askedMs: undefined, random: 1 })).toBe(5_500)
})

test.each([
  ['120', 120_000],
  ['Thu, 01 Jan 1970 00:01:40 GMT', 99_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', undefined],
  ['soon', undefined],
  ['-5', undefined],
  [undefined, undefined],
])('Retry-After %s', (header, ms) => expect(retryAfterMs(header, 1_000)).toBe(ms))
