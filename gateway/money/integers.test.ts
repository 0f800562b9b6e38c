import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ceilDiv, ceilDivCount, floorDiv, floorDivCount, max, min } from './integers.ts'

test('min and max are the one and the other of two', () => {
  expect([min(1n, 2n), min(2n, 1n), max(1n, 2n), max(2n, 1n), min(3, 3), max(-1, 4)]).toEqual([1n, 1n, 2n, 2n, 3, 4])
})

test('floorDiv and ceilDiv enclose the division, and meet where it is whole', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 20n }), (a, b) => {
      const [low, high] = [floorDiv(a, b), ceilDiv(a, b)]
      expect(low * b <= a && a <= high * b && high - low === (a % b === 0n ? 0n : 1n)).toBe(true)
    }),
  )
})

test('they are the same for counts', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 1_000_000 }), (a, b) => {
      expect([floorDivCount(a, b), ceilDivCount(a, b)].map(BigInt)).toEqual([floorDiv(BigInt(a), BigInt(b)), ceilDiv(BigInt(a), BigInt(b))])
    }),
  )
})
