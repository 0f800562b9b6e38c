import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestOrder, bestOrderByIntegers, exactCost, expectedCost, type Try } from './bestOrder.ts'

const PPM = 1_000_000n

/** Chances include the edges 0 and 1; costs include ties, zeros and some beyond the loss. */
const tries: fc.Arbitrary<Try> = fc.record({
  successPpm: fc.oneof(fc.bigInt(0n, PPM), fc.constantFrom(0n, 1n, 500_000n, 999_999n, PPM)),
  onSuccess: fc.oneof(fc.bigInt(0n, 2_000_000n), fc.bigInt(0n, 5n)),
  onFailure: fc.oneof(fc.bigInt(0n, 500_000n), fc.bigInt(0n, 5n)),
})

/** The cheapest exact cost over every order of every subset of at most `max`, brought to one denominator, 10^(6 * max). */
function bruteForce(all: readonly Try[], lost: bigint, max: number): bigint {
  let best = lost * PPM ** BigInt(max)
  const extend = (order: readonly Try[]): void => {
    const cost = exactCost(order, lost) * PPM ** BigInt(max - order.length)
    if (cost < best) best = cost
    if (order.length === max) return
    for (const t of all) if (!order.includes(t)) extend([...order, t])
  }
  extend([])
  return best
}

describe('the best order', () => {
  test('costs exactly what brute force over all orders and subsets finds, with no excess', () => {
    fc.assert(
      fc.property(fc.array(tries, { maxLength: 6 }), fc.bigInt(0n, 1_500_000n), fc.integer({ min: 1, max: 4 }), (all, lost, max) => {
        const order = bestOrder(all, lost, max)
        expect(order.length).toBeLessThanOrEqual(max)
        expect(new Set(order).size).toBe(order.length)
        const cost = exactCost(
          order.map((place) => all[place]!),
          lost,
        )
        expect(cost * PPM ** BigInt(max - order.length)).toBe(bruteForce(all, lost, max))
      }),
      { numRuns: 1_500 },
    )
  })

  test('is not the cheapest fee first: a fee saved is lost again by failing', () => {
    const cheapButFlaky = { successPpm: 300_000n, onSuccess: 1_000n, onFailure: 800n }
    const dearButSure = { successPpm: 999_000n, onSuccess: 2_000n, onFailure: 0n }
    expect(bestOrder([cheapButFlaky, dearButSure], 1_000_000n, 2)).toEqual([1, 0])
  })

  test('is not the first K by the index: with one try left, the sure one is worth its price', () => {
    const lowIndex = { successPpm: 100_000n, onSuccess: 10n, onFailure: 0n }
    const sure = { successPpm: 990_000n, onSuccess: 1_000n, onFailure: 0n }
    expect(bestOrder([lowIndex, sure], 1_000_000n, 1)).toEqual([1])
    expect(bestOrder([lowIndex, sure], 1_000_000n, 2)).toEqual([0, 1])
  })

  test('stops at the try that costs as much a success as not paying', () => {
    const atTheLoss = { successPpm: PPM, onSuccess: 1_000n, onFailure: 0n }
    expect(bestOrder([atTheLoss], 1_000n, 2)).toEqual([])
    expect(bestOrder([atTheLoss], 1_001n, 2)).toEqual([0])
  })

  test('takes the earlier of equals', () => {
    const equal = { successPpm: 900_000n, onSuccess: 5n, onFailure: 1n }
    expect(bestOrder([equal, { ...equal }, { ...equal }], 1_000n, 2)).toEqual([0, 1])
  })

  test('never tries what cannot succeed', () => {
    expect(bestOrder([{ successPpm: 0n, onSuccess: 0n, onFailure: 0n }], 1_000n, 1)).toEqual([])
  })
})

test('the expected cost of two tries is the sum over what can happen', () => {
  const a = { successPpm: 500_000n, onSuccess: 100n, onFailure: 20n }
  const b = { successPpm: 750_000n, onSuccess: 400n, onFailure: 40n }
  // 0.5*100 + 0.5*(20 + 0.75*400 + 0.25*(40 + 1000)) = 50 + 0.5*(20 + 300 + 260)
  expect(expectedCost([a, b], 1_000n)).toBe(340n)
})

/** Costs as the router meets them, in nano-USD; a few of them a unit apart, where doubles must not decide. */
const realTries: fc.Arbitrary<Try> = fc.record({
  successPpm: fc.oneof(fc.bigInt(1n, PPM), fc.constantFrom(999_999n, 999_998n, PPM)),
  onSuccess: fc.oneof(
    fc.bigInt(0n, 10n ** 13n),
    fc.bigInt(0n, 3n).map((n) => 10n ** 12n + n),
  ),
  onFailure: fc.oneof(
    fc.bigInt(0n, 10n ** 12n),
    fc.bigInt(0n, 2n).map((n) => 10n ** 9n + n),
  ),
})

describe('doubles search and integers decide', () => {
  const lost = fc.bigInt(10n ** 9n, 10n ** 14n)
  const many = fc.array(realTries, { minLength: 1, maxLength: 12 })

  test('the order is the one of exact integers, in 20,000 instances', () => {
    const same = fc.property(many, lost, fc.integer({ min: 1, max: 8 }), (all, loss, max) => {
      expect(bestOrder(all, loss, max)).toEqual(bestOrderByIntegers(all, loss, max))
    })
    fc.assert(same, { numRuns: 20_000 })
  })

  test('two ways that differ by one part in 10^12 are told apart, and equal ones are equal', () => {
    const dear = { successPpm: 900_000n, onSuccess: 10n ** 12n + 1n, onFailure: 0n }
    const cheap = { ...dear, onSuccess: 10n ** 12n }
    expect(bestOrder([dear, cheap], 10n ** 14n, 1)).toEqual([1])
    expect(bestOrder([cheap, dear], 10n ** 14n, 1)).toEqual([0])
    expect(bestOrder([cheap, { ...cheap }, dear], 10n ** 14n, 2)).toEqual([0, 1])
  })
})
