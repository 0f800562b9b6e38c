import { expect, test } from 'vitest'
import { routerPolicy } from '../../costs/policy.ts'
import type { Possible } from './candidate.ts'
import { decide } from './decide.ts'
import { costOfFailure, costOfSuccess, priceTerms } from './terms.ts'

const DOLLAR = 1_000_000_000n

/** The example of docs/routing.md: 100 USD, on a Wednesday at 11:00 in Frankfurt. A change here must be made there, by hand. */
const chain: Possible = {
  kind: 'possible',
  rail: 'evm:8453',
  destination: 0,
  feeNano: 0n,
  failureFeeNano: 0n,
  successPpm: 999_000n,
  secondsToFunds: 900n,
  secondsToFail: 1n,
  availableNano: 10_000n * DOLLAR,
  converted: false,
  beside: { gasNano: DOLLAR / 100n },
}
const lightning: Possible = {
  kind: 'possible',
  rail: 'lightning',
  destination: 1,
  feeNano: DOLLAR / 100n,
  failureFeeNano: 0n,
  successPpm: 980_000n,
  secondsToFunds: 1n,
  secondsToFail: 3n,
  availableNano: 500n * DOLLAR,
  converted: true,
  beside: { volatilityPpb: 89_000n, secondsLocked: 44n },
}
const bank: Possible = {
  kind: 'possible',
  rail: 'bank',
  destination: 2,
  feeNano: 216_000_000n,
  failureFeeNano: 0n,
  successPpm: 995_000n,
  secondsToFunds: 111_600n,
  secondsToFail: 111_600n,
  availableNano: 100_000n * DOLLAR,
  converted: true,
  beside: { volatilityPpb: 14_000n, reversalNano: 3_000_000n },
}
const none = { fee: 0n, gas: 0n, batchShare: 0n, fxSpread: 0n, fxRisk: 0n, reversal: 0n, preference: 0n }

test('each term of the worked example is what a reader works out by hand', () => {
  const priced = [chain, lightning, bank].map((candidate) => priceTerms(candidate, 100n * DOLLAR, routerPolicy))
  expect(priced[0]).toEqual({
    success: { ...none, gas: 10_000_000n, waitForFunds: 900_000n, capitalLocked: 228_330n, liquidity: 1_000_000n },
    failure: { failureFee: 0n, waitForFailure: 1_254n, unknown: 3_000_000n },
  })
  expect(priced[1]).toEqual({
    success: {
      ...none,
      fee: 10_000_000n,
      fxSpread: 50_000_000n,
      fxRisk: 890_000n,
      waitForFunds: 1_000n,
      capitalLocked: 11_417n,
      liquidity: 20_000_000n,
    },
    failure: { failureFee: 0n, waitForFailure: 3_762n, unknown: 6_000_000n },
  })
  expect(priced[2]).toEqual({
    success: {
      ...none,
      fee: 216_000_000n,
      fxSpread: 50_000_000n,
      fxRisk: 46_900_000n,
      waitForFunds: 111_600_000n,
      capitalLocked: 28_312_920n,
      reversal: 3_000_000n,
      liquidity: 100_000n,
    },
    failure: { failureFee: 0n, waitForFailure: 139_912_920n, unknown: 15_000_000n },
  })
  expect(priced.map(costOfSuccess)).toEqual([12_128_330n, 80_902_417n, 455_912_920n])
  expect(priced.map(costOfFailure)).toEqual([3_001_254n, 6_003_762n, 154_912_920n])
})

test('and so is what the whole is expected to cost', () => {
  const plan = decide({ amountNano: 100n * DOLLAR, candidates: [chain, lightning, bank], policy: routerPolicy, attemptsMax: 3 })
  expect([plan.order, plan.lostNano, plan.expectedNano]).toEqual([[0, 1, 2], 25n * DOLLAR, 12_210_196n])
})

test('a batch shares its cost, a rail takes its own for a conversion, and both come on top of the operator’s spread', () => {
  const shared = { ...lightning, beside: { batchShareNano: 11_000n, conversionPpm: 10_000n } }
  const { success } = priceTerms(shared, 100n * DOLLAR, routerPolicy)
  expect([success.batchShare, success.fxSpread, success.fxRisk]).toEqual([11_000n, 1_050_000_000n, 0n])
})

test('a root is rounded up, so that no risk is too cheap', () => {
  const riskOf = (secondsToFunds: bigint) =>
    priceTerms({ ...bank, secondsToFunds, beside: { volatilityPpb: 10n } }, DOLLAR, routerPolicy).success.fxRisk
  // 10^9 * 10 / 10^9 * root * 10 % = the root itself.
  expect([0n, 1n, 2n, 4n, 5n, 111_600n].map(riskOf)).toEqual([0n, 1n, 2n, 2n, 3n, 335n])
})
