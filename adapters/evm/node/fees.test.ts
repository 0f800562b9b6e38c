import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { capped, offerFor, replacementFor } from './fees.ts'

const policy = { priorityFloor: 10n, feeCeiling: 1_000n }
const fee = fc.bigInt({ min: 0n, max: 10n ** 12n })

describe('an offer for gas', () => {
  test('takes the median tip and twice the base fee', () => {
    expect(offerFor(100n, [30n, 500n, 20n], policy)).toEqual({ maxFee: 230n, priorityFee: 30n })
  })

  test('tips at least the floor, and exceeds the ceiling with neither fee', () => {
    expect(offerFor(100n, [], policy)).toEqual({ maxFee: 210n, priorityFee: 10n })
    expect(offerFor(800n, [5_000n], policy)).toEqual({ maxFee: 1_000n, priorityFee: 1_000n })
  })
})

describe('a replacement', () => {
  test('raises both fees by an eighth or more and stays below the cap, or there is none', () => {
    fc.assert(
      fc.property(fee, fee, fee, fee, fee, (maxFee, tip, marketFee, marketTip, cap) => {
        const standing = capped({ maxFee, priorityFee: tip }, maxFee)
        const next = replacementFor(standing, capped({ maxFee: marketFee, priorityFee: marketTip }, marketFee), cap)
        if (!next) {
          expect(standing.maxFee * 9n).toBeGreaterThan(cap * 8n)
          return
        }
        expect(next.maxFee * 8n).toBeGreaterThanOrEqual(standing.maxFee * 9n)
        expect(next.priorityFee * 8n).toBeGreaterThanOrEqual(standing.priorityFee * 9n)
        expect(next.maxFee).toBeLessThanOrEqual(cap)
        expect(next.priorityFee).toBeLessThanOrEqual(next.maxFee)
      }),
      { seed: 42, numRuns: 500 },
    )
  })

  test('follows the market where that is higher', () => {
    expect(replacementFor({ maxFee: 80n, priorityFee: 8n }, { maxFee: 300n, priorityFee: 20n }, 1_000n)).toEqual({
      maxFee: 300n,
      priorityFee: 20n,
    })
  })
})
