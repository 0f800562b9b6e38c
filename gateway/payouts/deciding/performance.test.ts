import { expect, test } from 'vitest'
import { boot, PAYEE, to, USDC } from '../../../test/payout/payoutWorld.ts'
import { money } from '../../money/money.ts'

const NINE = Date.parse('2026-11-24T09:59:59Z')

test('each hour of each rail counts what was chosen, sent and paid, and its cost beside the cheapest fee first', async () => {
  let now = NINE
  const w = await boot({ clock: { now: () => now } })
  const pay = async (destinations: (typeof to)[keyof typeof to][]) => {
    const { id } = await w.payouts.create({ source: PAYEE, amount: money(USDC, 100_000n), reference: 'r', createdBy: 'test', destinations })
    return w.payouts.wait(id, { timeoutMs: 15_000 })
  }
  const first = await pay([to.evm, to.node])
  now += 2_000
  w.rails.lightning.manner = 'refuse'
  await pay([to.evm, to.node])
  const hour = NINE - (NINE % 3_600_000)
  const found = w.payouts.performance(24)
  const byHour = found.map(({ hour: h, rail, chosen, sent, settled, failed }) => [
    (h - hour) / 3_600_000,
    rail,
    chosen,
    sent,
    settled,
    failed,
  ])
  expect(byHour.filter(([h]) => h === 0)).toEqual([[0, 'lightning', 1, 1, 1, 0]])
  expect(byHour.filter(([h]) => h === 1)).toEqual([
    [1, 'evm:31337', expect.any(Number), 1, 1, 0],
    [1, 'lightning', 1, 1, 0, 1],
  ])
  const { expectedCostUsd, cheapestFirstCostUsd } = w.payouts.decision(first.decisionId!)
  const [row] = found.filter(({ hour: h }) => h === hour)
  const nano = (usd: string) => BigInt(Math.round(Number(usd) * 1e9))
  expect([row!.expectedNano, row!.cheapestFirstNano]).toEqual([nano(expectedCostUsd), nano(cheapestFirstCostUsd!)])
  expect(row!.cheapestFirstNano).toBeGreaterThanOrEqual(row!.expectedNano)
  const counted = (rail: string) =>
    Object.fromEntries(w.payouts.totals().flatMap((row) => (row.rail === rail ? [[row.of, row.count]] : [])))
  const all = counted('lightning')
  expect(all).toMatchObject({ sent: 2, settled: 1, failed: 1 })
  expect(counted('evm:31337')).toMatchObject({ sent: 1, settled: 1 })
  expect(w.payouts.performance(1).every(({ hour: h }) => h === hour + 3_600_000)).toBe(true)
  // Nine days later nothing of it is kept.
  now += 9 * 86_400_000
  w.rails.lightning.manner = 'pay'
  await pay([to.node])
  expect(w.payouts.performance(100_000).map(({ rail }) => rail)).toEqual(['lightning'])
  // What was counted in all does not go down with the hours.
  expect(counted('lightning')).toEqual({ ...all, first: all.first! + 1, chosen: all.chosen! + 1, sent: 3, settled: 2 })
  await w.payouts.close()
})
