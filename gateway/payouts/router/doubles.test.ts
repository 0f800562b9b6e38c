import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ceilDiv } from '../../money/integers.ts'
import { ceilMulDiv, EXACT_BELOW, exactly, wholeOf } from './doubles.ts'

const SEVERAL = { numRuns: 5_000 }

test('a whole number below 2^53 goes there and back, and no other does', () => {
  const same = fc.property(fc.bigInt(0n, 2n ** 53n - 1n), (whole) => wholeOf(exactly(whole)) === whole)
  fc.assert(same, SEVERAL)
  for (const other of [2n ** 53n, 2n ** 64n, 2n ** 64n + 5n, 2n ** 80n, -1n, -(2n ** 64n)]) expect(exactly(other)).toBeNaN()
  expect(exactly(0n)).toBe(0)
})

test('a quotient is that of whole numbers, also where a unit decides', () => {
  const factor = fc.oneof(fc.bigInt(0n, 2n ** 51n - 1n), fc.bigInt(0n, 10n ** 9n), fc.constantFrom(1n, 10n ** 6n, 10n ** 12n, 10n ** 15n))
  const divisor = factor.map((n) => (n === 0n ? 1n : n))
  let told = 0
  const same = fc.property(
    factor,
    factor,
    divisor,
    fc.constantFrom(1n, 1_000n, 1_000_000n),
    fc.integer({ min: -1, max: 1 }),
    (a, b, c, d, off) => {
      // Products a unit off a multiple of the divisor, and any.
      const near = (a * c * d) / (b === 0n ? 1n : b) + BigInt(off)
      for (const first of [a, near]) {
        if (first < 0n) continue
        const quick = ceilMulDiv(Number(first), Number(b), Number(c), Number(d))
        if (Number.isNaN(quick)) continue
        told++
        expect(BigInt(quick)).toBe(ceilDiv(first * b, c * d))
      }
    },
  )
  fc.assert(same, { numRuns: 20_000 })
  expect(told).toBeGreaterThan(10_000)
})

test('what is too large, or no number, has no quotient', () => {
  for (const [a, b, c, d] of [
    [EXACT_BELOW, 1, 1, 1],
    [1, EXACT_BELOW, 1, 1],
    [1, 1, Number.NaN, 1],
    [2 ** 50, 2 ** 50, 1, 1],
  ] as const)
    expect(ceilMulDiv(a, b, c, d)).toBeNaN()
})
