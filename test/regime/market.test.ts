import { expect, test } from 'vitest'
import { makeMarket, shapeOf } from '../../bench/regime/market.ts'
import { oracle } from '../../bench/regime/oracle.ts'
import { ours, settle } from '../../bench/regime/settle.ts'

test.each([0, 50])(
  'a market where %s of a hundred clients can open a channel is settled for 1.2 times the best in hindsight',
  (channelPercent) => {
    const market = makeMarket({ seed: 1, pairs: 4_000, days: 15, channelPercent })
    const { once, byReturning, medianNano } = shapeOf(market)
    expect(once).toBeGreaterThan(55)
    expect(once).toBeLessThan(70)
    expect(byReturning).toBeGreaterThan(47)
    expect(byReturning).toBeLessThan(92)
    expect(medianNano).toBe(10_000_000n)
    const best = oracle(market)
    const paid = settle(market, ours(), { patient: true }).nano
    expect(paid * 10n).toBeLessThanOrEqual(best * 12n)
    expect(settle(market, () => 'exact', { patient: false }).nano).toBeGreaterThan(paid)
  },
  60_000,
)
