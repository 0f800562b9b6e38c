import { expect, test } from 'vitest'
import { cltvDeltaFor, decideBy, isLastChance, isTooLate } from './holdTimes.ts'

const HOUR_MS = 3_600_000

test('what an invoice promises is what its payment may wait for', () => {
  const delta = cltvDeltaFor(HOUR_MS)!
  // A payment that arrives at once, at height 100, expires so many blocks later.
  expect(decideBy(100 + delta, 100, 0)).toBeGreaterThanOrEqual(HOUR_MS)
})

test('our watchdog comes before LND’s own 18 blocks, and the last chance before the watchdog', () => {
  expect(isTooLate(118, 100)).toBe(true)
  expect(isTooLate(121, 100)).toBe(true)
  expect(isTooLate(122, 100)).toBe(false)
  expect(isLastChance(127, 100)).toBe(true)
  expect(isLastChance(128, 100)).toBe(false)
  expect(decideBy(121, 100, 7)).toBe(7)
})

test('LND’s least delta is kept, and what no payer would accept is refused', () => {
  expect(cltvDeltaFor(0)).toBeGreaterThanOrEqual(24)
  expect(cltvDeltaFor(30 * 24 * HOUR_MS)).toBeUndefined()
})
