import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { routerPolicy } from '../../costs/policy.ts'
import { bestOrderByIntegers, expectedCost } from './bestOrder.ts'
import type { Candidate, Possible } from './candidate.ts'
import { type DecideInput, decide } from './decide.ts'
import { wouldChangeIf } from './wouldChangeIf.ts'

const CENT = 10_000_000n
const DOLLAR = 100n * CENT

const lightning: Possible = {
  kind: 'possible',
  rail: 'lightning',
  destination: 0,
  feeNano: 100_000n,
  failureFeeNano: 0n,
  successPpm: 980_000n,
  secondsToFunds: 2n,
  secondsToFail: 10n,
  availableNano: 1_000n * DOLLAR,
  converted: true,
}
const evm: Possible = {
  ...lightning,
  rail: 'evm:1',
  destination: 1,
  feeNano: 700_000n,
  successPpm: 999_000n,
  secondsToFunds: 12n,
  converted: false,
}
const bank: Possible = {
  ...lightning,
  rail: 'bank',
  destination: 2,
  feeNano: 20n * CENT,
  successPpm: 995_000n,
  secondsToFunds: 86_400n,
  secondsToFail: 86_400n,
}
const input = (amountNano: bigint, candidates: readonly Candidate[], attemptsMax = 3): DecideInput => ({
  amountNano,
  candidates,
  policy: routerPolicy,
  attemptsMax,
})

describe('a decision', () => {
  test('takes Lightning for a cent and the stablecoin for ten thousand dollars', () => {
    expect(decide(input(CENT, [bank, evm, lightning])).order[0]).toBe(2)
    const rich = [bank, evm, lightning].map((c) => ({ ...c, availableNano: 10_000_000n * DOLLAR }))
    expect(decide(input(10_000n * DOLLAR, rich)).order[0]).toBe(1)
  })

  test('says of each candidate why it was or was not taken', () => {
    const away: Candidate = { kind: 'impossible', rail: 'lightning', destination: 3, reason: 'no_route', detail: 'no path to the node' }
    const ruinous: Possible = { ...bank, destination: 4, feeNano: 100n * DOLLAR }
    const { verdicts, order } = decide(input(CENT, [away, lightning, evm, bank, ruinous], 2))
    expect(order).toEqual([1, 2])
    expect(verdicts.map((v) => v.kind)).toEqual(['impossible', 'chosen', 'chosen', 'dearer', 'cut'])
    expect(verdicts[0]).toEqual({ kind: 'impossible', reason: 'no_route', detail: 'no path to the node' })
    expect(verdicts[1]).toMatchObject({ rank: 1, dearerByNano: 0n })
    expect(verdicts[2]).toMatchObject({ rank: 2 })
  })

  test('prefers the rail with room when the other would be emptied', () => {
    const empty = { ...evm, feeNano: 0n, destination: 0, availableNano: 100n * DOLLAR }
    const full = { ...evm, feeNano: 10_000n, destination: 1, availableNano: 1_000_000n * DOLLAR }
    expect(decide(input(100n * DOLLAR, [empty, full])).order[0]).toBe(1)
  })

  test('is empty when nothing is possible, and costs what not paying costs', () => {
    const plan = decide(input(DOLLAR, []))
    expect(plan.order).toEqual([])
    expect(plan.expectedNano).toBe(plan.lostNano)
    expect(plan.lostNano).toBe(20n * DOLLAR + 5n * CENT)
  })

  test('says costs that are those of whole numbers, to the nano-dollar', () => {
    const amounts = fc.oneof(fc.bigInt(0n, 100_000n * DOLLAR), fc.constantFrom(0n, CENT, 100n * DOLLAR, 10n ** 18n))
    const same = fc.property(
      fc.array(possible, { minLength: 1, maxLength: 12 }),
      amounts,
      fc.integer({ min: 1, max: 4 }),
      (some, amount, max) => {
        // No two of them related: what relatives cost is held to brute force in lookahead.test.ts.
        const all = some.map((way, i): Possible => ({ ...way, rail: `custom:${i}`, destination: i }))
        const { order, verdicts, expectedNano, lostNano, tryAt } = decide(input(amount, all, max))
        const exact = (places: readonly number[]) => expectedCost(places.map(tryAt), lostNano)
        const rest = order.slice(1)
        return (
          expectedNano === exact(order) &&
          order.length ===
            bestOrderByIntegers(
              all.map((_, place) => tryAt(place)),
              lostNano,
              max,
            ).length &&
          verdicts.every(
            (v, place) =>
              v.kind !== 'impossible' &&
              v.dearerByNano === (place === order[0] ? 0n : exact([place, ...rest.filter((other) => other !== place)]) - expectedNano),
          )
        )
      },
    )
    fc.assert(same, { numRuns: 2_000 })
  })

  test('never says that a candidate would have been cheaper than the plan', () => {
    fc.assert(
      fc.property(
        fc.array(possible, { maxLength: 12 }),
        fc.bigInt(0n, 100_000n * DOLLAR),
        fc.integer({ min: 1, max: 4 }),
        (all, amount, max) => {
          for (const verdict of decide(input(amount, all, max)).verdicts) {
            if (verdict.kind !== 'impossible') expect(verdict.dearerByNano).toBeGreaterThanOrEqual(0n)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

const possible: fc.Arbitrary<Possible> = fc.record({
  kind: fc.constant('possible' as const),
  rail: fc.constantFrom('lightning' as const, 'evm:1' as const, 'bank' as const),
  destination: fc.integer({ min: 0, max: 7 }),
  feeNano: fc.bigInt(0n, 30n * DOLLAR),
  failureFeeNano: fc.bigInt(0n, DOLLAR),
  successPpm: fc.bigInt(0n, 1_000_000n),
  secondsToFunds: fc.bigInt(0n, 200_000n),
  secondsToFail: fc.bigInt(0n, 200_000n),
  availableNano: fc.bigInt(0n, 1_000_000n * DOLLAR),
  converted: fc.boolean(),
})

describe('what would change it', () => {
  test('names the term that carries the winner and by how much it may rise', () => {
    const question = input(CENT, [lightning, evm])
    const found = wouldChangeIf(question, decide(question))
    expect(found).toMatchObject({ term: 'fee', termNano: 100_000n, inFavourOf: 1 })
  })

  test('is nothing for an empty plan', () => {
    const question = input(CENT, [])
    expect(wouldChangeIf(question, decide(question))).toBeUndefined()
  })

  test('is exact: one nano-dollar less leaves the first where it is, the full rise replaces it', () => {
    fc.assert(
      fc.property(fc.array(possible, { minLength: 1, maxLength: 6 }), fc.bigInt(0n, 1_000n * DOLLAR), (all, amount) => {
        const question = input(amount, all)
        const plan = decide(question)
        const found = wouldChangeIf(question, plan)
        // Only a fee can be raised through the input without touching another term.
        if (found?.term !== 'fee') return
        const winner = plan.order[0]!
        const firstAfter = (rise: bigint) =>
          decide({ ...question, candidates: all.map((c, i) => (i === winner ? { ...c, feeNano: c.feeNano + rise } : c)) }).order[0]
        expect(firstAfter(found.mustRiseByNano - 1n)).toBe(winner)
        expect(firstAfter(found.mustRiseByNano)).toBe(found.inFavourOf)
      }),
      { numRuns: 500 },
    )
  })
})
