import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { divideByPrefix } from './divideByPrefix.ts'

const sum = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n)
const someShares = fc
  .array(fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(1n, 2n ** 96n)), { minLength: 1, maxLength: 40 })
  .filter((s) => sum(s) > 0n)

describe('a payment pushed by prefix sums', () => {
  test('is divided to the unit, and nobody is a unit or more from the exact share', () => {
    fc.assert(
      fc.property(someShares, fc.oneof(fc.bigInt(0n, 100n), fc.bigInt(0n, 2n ** 128n - 1n)), (shares, value) => {
        const parts = divideByPrefix(value, shares)
        const total = sum(shares)
        expect(sum(parts)).toBe(value)
        for (const [i, part] of parts.entries()) {
          const away = part * total - value * shares[i]!
          expect(away < total && away > -total).toBe(true)
          if (shares[i] === 0n) expect(part).toBe(0n)
        }
      }),
      { numRuns: 300, seed: 402 },
    )
  })

  test('depends on the order: the odd unit falls where a running sum becomes whole', () => {
    expect(divideByPrefix(10n, [1n, 1n, 1n])).toEqual([3n, 3n, 4n])
    expect(divideByPrefix(10n, [1n, 2n])).toEqual([3n, 7n])
    expect(divideByPrefix(10n, [2n, 1n])).toEqual([6n, 4n])
    expect(divideByPrefix(1n, [1n, 1n])).toEqual([0n, 1n])
  })

  test('is not monotone, which is why no pot uses it', () => {
    const middle = (value: bigint) => divideByPrefix(value, [2n, 1n, 2n])[1]
    expect([middle(2n), middle(3n)]).toEqual([1n, 0n])
  })

  test('counts each row of a payee that stands in the table twice', () => {
    expect(divideByPrefix(7n, [5n, 5n])).toEqual([3n, 4n])
  })

  test('wants shares and no negative value', () => {
    for (const bad of [() => divideByPrefix(-1n, [1n]), () => divideByPrefix(1n, []), () => divideByPrefix(1n, [0n])]) {
      expect(bad).toThrow('invariant broken')
    }
  })
})
