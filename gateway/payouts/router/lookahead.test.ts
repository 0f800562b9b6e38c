import { expect, test } from 'vitest'
import { againstBruteForce } from '../../../test/payout/relatedPlans.ts'
import { costOfNotPaying, routerPolicy } from '../../costs/policy.ts'
import type { Possible } from './candidate.ts'
import { decide } from './decide.ts'
import { lookAhead } from './lookahead.ts'
import { nearly } from './nearly.ts'
import { quickTries } from './quickTries.ts'
import { relativesOf } from './relatives.ts'
import { wouldChangeIf } from './wouldChangeIf.ts'

const DOLLAR = 1_000_000_000n
const invoice: Possible = {
  kind: 'possible',
  rail: 'lightning',
  destination: 0,
  feeNano: 1_000_000n,
  failureFeeNano: 0n,
  successPpm: 700_000n,
  secondsToFunds: 2n,
  secondsToFail: 10n,
  availableNano: 10_000n * DOLLAR,
  converted: false,
}

test('of 200 payouts whose ways fail together none costs more than the best plan of all, and each says its cost', () => {
  const { related, worse, untold } = againstBruteForce(routerPolicy, { from: 0, instances: 200 })
  expect(related).toBeGreaterThan(100)
  expect({ worse, untold }).toEqual({ worse: 0, untold: 0 })
})

test('what is dear by itself is worth most after a failure that drags the others down, and others are looked at again', () => {
  const others = [1, 2].map((n): Possible => ({ ...invoice, destination: n, feeNano: invoice.feeNano + BigInt(n) }))
  const chain: Possible = { ...invoice, rail: 'evm:1', destination: 3, feeNano: 2n * DOLLAR }
  const ask = (candidates: readonly Possible[]) => decide({ amountNano: DOLLAR, candidates, policy: routerPolicy, attemptsMax: 2 })
  const [with_, without] = [ask([invoice, ...others, chain]), ask([invoice, ...others])]
  expect(with_).toMatchObject({ order: [0, 1], aside: [2] })
  // It is in no order, and of use all the same: after every failure that says something of Lightning.
  expect(with_.expectedNano).toBeLessThan(without.expectedNano)
})

test('too many ways to look ahead have an order whose cost is that of following it, and nothing is said of what would change it', () => {
  const candidates = Array.from(
    { length: 40 },
    (_, i): Possible => ({
      ...invoice,
      destination: i % 20,
      rail: i < 20 ? 'lightning' : 'custom:a',
      feeNano: 1_000_000n * BigInt(1 + ((i * 7) % 40)),
      successPpm: 900_000n - 10_000n * BigInt(i),
    }),
  )
  const input = { amountNano: DOLLAR, candidates, policy: routerPolicy, attemptsMax: 4 }
  const plan = decide(input)
  expect(plan.order).toHaveLength(4)
  for (const verdict of plan.verdicts) expect(verdict).toMatchObject({ dearerByNano: expect.toSatisfy((by: bigint) => by >= 0n) })
  const alone = decide({ ...input, candidates: candidates.map((way, i) => ({ ...way, rail: `custom:${i}`, destination: i })) })
  expect(plan.expectedNano).toBeGreaterThan(alone.expectedNano)
  expect(wouldChangeIf(input, plan)).toBeUndefined()
})

test('ways that are alike are not compared to the last digit for longer than it may look ahead', () => {
  const summed = (destinations: number) => {
    const ways = Array.from({ length: destinations }, (_, destination): Possible => ({ ...invoice, destination }))
    const tries = quickTries(ways, DOLLAR, routerPolicy)
    let sums = 0
    const exactAt = (way: number) => {
      sums++
      return tries.exactAt(way)
    }
    const lostNano = costOfNotPaying(DOLLAR, routerPolicy)
    const lost = { exact: lostNano, near: nearly(lostNano) }
    const relatives = relativesOf(ways, tries.places)!
    const { isBest } = lookAhead({ tries: { ...tries, exactAt }, relatives, lost, max: 4 })
    return { sums, isBest }
  }
  expect(summed(4)).toMatchObject({ isBest: true })
  expect(summed(8).sums).toBeLessThan(3_000)
})
