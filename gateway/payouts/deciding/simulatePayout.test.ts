import { expect, test } from 'vitest'
import { boot, expectBalanced, PAYEE, quickPolicy, rates, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { createValuer } from '../../costs/valuer.ts'
import { USD } from '../../money/asset.ts'
import { money, parseAmount } from '../../money/money.ts'
import { shippedSchedules } from '../schedules/shippedSchedules.ts'
import { listedCandidate } from './listedCandidate.ts'

const amount = parseAmount('100', USDC)
const simulate = (w: World, o: object) => w.payouts.simulate({ source: PAYEE, amount, destinations: [], lists: [], ...o })

test('rails that are here and price lists are judged together, and nothing is sent, held or written', async () => {
  const w = await boot({ schedules: shippedSchedules() })
  const head = w.books.head()
  const found = await simulate(w, { destinations: [to.evm, to.iban], lists: ['rtp', 'card_blended', 'swift'] })
  expect(found.candidates.map((c) => [c.rail, c.schedule, c.verdict])).toEqual([
    ['evm:31337', undefined, 'chosen'],
    ['bank', undefined, 'chosen'],
    ['bank', 'rtp', 'chosen'],
    ['custom', 'card_blended', 'chosen'],
    ['bank', 'swift', 'cut'],
  ])
  expect(found.candidates[2]).toMatchObject({ terms: { fee: '0.045', waitForFunds: '0.00001', reversal: '0' }, title: expect.any(String) })
  expect(found.candidates[3]).toMatchObject({ terms: { fee: '3.2', reversal: '0.46' } })
  expect(found.candidates[4]!.terms!.fee).toBe('74')
  expect(found.order.slice(0, 2)).toEqual([0, 2])
  // The same terms, tried in the order of their fees alone.
  expect(Number(found.cheapestFirstCostUsd)).toBeGreaterThanOrEqual(Number(found.expectedCostUsd))
  expect(found.wouldChangeIf?.why).toMatch(/rose by/)
  expect(w.books.head()).toEqual(head)
  expect([w.rails.evm.heard, w.rails.bank.heard, w.payouts.inFlight()]).toEqual([[], [], []])
  await expectBalanced(w)
})

test('a list that is not there, or whose limit is too low, is said in words', async () => {
  const w = await boot({ schedules: shippedSchedules() })
  await expect(simulate(w, { lists: ['rtpp'] })).rejects.toThrow('There is no price list rtpp')
  const { candidates } = await simulate(w, { amount: parseAmount('600000', USDC), lists: ['fednow'] })
  expect(candidates[0]).toMatchObject({
    verdict: 'impossible',
    why: 'Impossible: fednow moves 500000 USD at most, and this is 600000 USD.',
  })
})

test('one more than may ask at a time is told to come back, and its place is free again when one has its answer', async () => {
  const w = await boot({ schedules: shippedSchedules() })
  const of = (n: number) => `party:pa_${String(n).padStart(32, '0')}`
  const many = Array.from({ length: 129 }, (_, i) => simulate(w, { source: of(i), destinations: [to.evm] }))
  const ended = await Promise.allSettled(many)
  expect(ended.map(({ status }) => status)).toEqual([...Array.from({ length: 128 }, () => 'fulfilled'), 'rejected'])
  expect((await simulate(w, { destinations: [to.evm] })).order).toEqual([0])
})

test('whoever has four under way comes back, and others are judged meanwhile', async () => {
  const w = await boot({ schedules: shippedSchedules() })
  const own = Array.from({ length: 5 }, () => simulate(w, { destinations: [to.evm] }))
  const other = simulate(w, { source: 'party:pa_00000000000000000000000000000009', destinations: [to.evm] })
  const ended = await Promise.allSettled([...own, other])
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
})

test('four parties whose payees are slow keep nobody else from an answer', async () => {
  const w = await boot({ schedules: shippedSchedules() })
  w.rails.lightning.estimate = () => new Promise(() => {})
  const slow = Array.from({ length: 16 }, (_, i) => simulate(w, { source: `party:pa_${i % 4}`, destinations: [to.node] }))
  expect((await simulate(w, { destinations: [to.evm] })).order).toEqual([0])
  await Promise.all(slow)
})

test('good funds of a list are those of its network’s calendar', () => {
  const row = shippedSchedules().find(({ schedule }) => schedule === 'ach_same_day')!
  const secondsAt = (at: string) => {
    const valuer = createValuer(rates, USD)
    const o = { place: 0, amount: money(USD, 1_000_000n), valuer, policy: quickPolicy.router, at: Date.parse(at) }
    const candidate = listedCandidate(row, o)
    return candidate.kind === 'possible' && candidate.secondsToFunds
  }
  expect(secondsAt('2026-11-25T10:00:00-05:00')).toBe(3n * 3_600n)
  // Thanksgiving is between.
  expect(secondsAt('2026-11-25T17:00:00-05:00')).toBe(44n * 3_600n)
})
