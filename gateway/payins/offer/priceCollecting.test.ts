import { expect, test } from 'vitest'
import { EUR, USD } from '../../money/asset.ts'
import { priceCollecting, type ToCollect } from './priceCollecting.ts'

/** The example of docs/routing.md: 10 USD by a chain. */
const chain: ToCollect = {
  rail: 'evm:8453',
  priceNano: 10n ** 10n,
  feeNano: 0n,
  gasNano: 1_500_000n,
  batchShareNano: 0n,
  secondsToFunds: 30n,
  asset: USD,
  credited: USD,
}

test('each term of the worked example is what a reader works out by hand', () => {
  const { terms, costNano, wholeNano } = priceCollecting(chain)
  expect(terms.success).toMatchObject({ fee: 0n, gas: 1_500_000n, waitForFunds: 30_000n, capitalLocked: 762n, liquidity: 0n })
  expect(terms.failure).toEqual({ failureFee: 0n, waitForFailure: 61_523n, unknown: 2_100_000n })
  expect([costNano, wholeNano]).toEqual([1_532_926n, 10_001_532_926n])
})

test('what is converted costs its spread and its risk, what comes with others its share, and a balance nothing', () => {
  const converted = priceCollecting({ ...chain, credited: EUR, gasNano: 400_000n, batchShareNano: 100_000n }).terms.success
  expect([converted.gas, converted.batchShare, converted.fxSpread]).toEqual([400_000n, 100_000n, 5_000_000n])
  // 10^10 * 14,000 / 10^9 * root of 30, rounded up to 6, * 10 %.
  expect(converted.fxRisk).toBe(84_000n)
  expect(priceCollecting({ ...chain, rail: 'book', gasNano: 0n, secondsToFunds: 0n }).costNano).toBe(0n)
})
