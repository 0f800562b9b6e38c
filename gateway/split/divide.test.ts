import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { divideCumulative } from './divideCumulative.ts'
import { dividePush } from './dividePush.ts'
import { dustOf, entitlement } from './entitlement.ts'

const sum = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n)
const someShares = fc.array(fc.bigInt(1n, 10n ** 12n), { minLength: 1, maxLength: 30 })
const somePayments = fc.array(fc.bigInt(0n, 10n ** 15n), { minLength: 1, maxLength: 30 })

describe('a pot that grows', () => {
  test('gives in many payments what it gives in one', () => {
    fc.assert(
      fc.property(someShares, somePayments, (shares, payments) => {
        const given = shares.map(() => 0n)
        let received = 0n
        let dust = 0n
        for (const value of payments) {
          const division = divideCumulative(received, value, shares)
          expect(sum(division.deltas) + division.dust).toBe(value)
          expect(division.deltas.every((delta) => delta >= 0n)).toBe(true)
          for (const [i, delta] of division.deltas.entries()) given[i] = given[i]! + delta
          received += value
          dust += division.dust
          expect(dust).toBe(dustOf(received, shares))
          expect(dust >= 0n && dust < BigInt(shares.length)).toBe(true)
        }
        expect(given).toEqual(shares.map((own) => entitlement(received, own, sum(shares))))
      }),
      { numRuns: 200, seed: 402 },
    )
  })

  test('strands one unit less than it has payees at worst, after a million payments as after one', () => {
    const seven = [1n, 1n, 1n, 1n, 1n, 1n, 1n]
    expect(dustOf(6n, seven)).toBe(6n)
    expect(dustOf(7n, seven)).toBe(0n)
    expect(dustOf(10n * 1_000_000n, seven)).toBe(3n)
  })

  test('takes dust back when it becomes a whole unit', () => {
    expect(divideCumulative(0n, 1n, [1n, 1n])).toEqual({ deltas: [0n, 0n], dust: 1n })
    expect(divideCumulative(1n, 1n, [1n, 1n])).toEqual({ deltas: [1n, 1n], dust: -1n })
  })

  test('never shrinks', () => {
    expect(() => divideCumulative(10n, -1n, [1n])).toThrow('invariant broken')
    expect(() => divideCumulative(-1n, 1n, [1n])).toThrow('invariant broken')
    expect(() => divideCumulative(1n, 1n, [])).toThrow('invariant broken')
  })
})

describe('a payment divided at once', () => {
  test('is divided to the unit, and nobody is more than a unit from the exact share', () => {
    fc.assert(
      fc.property(someShares, fc.bigInt(0n, 10n ** 15n), (shares, value) => {
        const parts = dividePush(value, shares)
        const total = sum(shares)
        expect(sum(parts)).toBe(value)
        for (const [i, part] of parts.entries()) {
          const floor = (value * shares[i]!) / total
          expect(part === floor || part === floor + 1n).toBe(true)
        }
      }),
      { numRuns: 200, seed: 402 },
    )
  })

  test('gives the odd unit to the largest remainder, and to the earlier payee of two equals', () => {
    expect(dividePush(10n, [1n, 2n])).toEqual([3n, 7n])
    expect(dividePush(1n, [1n, 1n])).toEqual([1n, 0n])
  })
})
