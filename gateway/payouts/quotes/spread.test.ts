import { describe, expect, test } from 'vitest'
import { USDC } from '../../../test/payout/payoutWorld.ts'
import { BTC, EUR, USD } from '../../money/asset.ts'
import { quotePolicy } from './policy.ts'
import { spreadPpm } from './spread.ts'

const USD_NANO = 1_000_000_000n
const of = (from: typeof BTC, to: typeof BTC, o: { usd?: bigint; seconds?: number } = {}, policy = quotePolicy) =>
  spreadPpm(policy, { from, to, worthNano: (o.usd ?? 0n) * USD_NANO, seconds: o.seconds ?? 0 })

describe('the spread of a promised conversion', () => {
  test('is nothing where nothing is converted', () => {
    expect(of(BTC, BTC, { usd: 1_000_000n, seconds: 86_400 })).toBe(0n)
  })

  test('is half of the pair’s for a little that is covered at once, and grows in a straight line with the amount', () => {
    expect([of(USD, USDC), of(USD, USDC, { usd: 50_000n }), of(USD, USDC, { usd: 100_000n }), of(USD, USDC, { usd: 300_000n })]).toEqual([
      500n,
      750n,
      1_000n,
      2_000n,
    ])
  })

  test('grows with the root of the time until it is covered, by what the pair strays: 6 hundredths of a percent in 5 minutes for bitcoin', () => {
    expect([of(BTC, USDC, { seconds: 300 }), of(USDC, BTC, { seconds: 300 })]).toEqual([1_141n, 1_141n])
    expect(of(EUR, USDC, { seconds: 300 })).toBe(601n)
    // Four times the time is twice the price.
    expect([of(BTC, USD, { seconds: 400 }) - 500n, of(BTC, USD, { seconds: 100 }) - 500n]).toEqual([712n, 356n])
  })

  test('is the operator’s own for a pair that is named, and never more than half of the amount', () => {
    const policy = { ...quotePolicy, pairs: { 'BTC/USDC': { halfPpm: 2_000n, doublesAtNano: 10n * USD_NANO } } }
    expect([of(BTC, USDC, {}, policy), of(USDC, BTC, { usd: 10n }, policy), of(BTC, EUR, {}, policy)]).toEqual([2_000n, 4_000n, 500n])
    expect(of(BTC, USDC, { usd: 1_000_000_000n }, policy)).toBe(500_000n)
  })
})
