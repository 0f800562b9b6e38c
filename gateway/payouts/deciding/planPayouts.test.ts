import { setImmediate as turn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { boot, makeRails, PAYEE, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { ETH, EUR } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { feeListOf } from '../schedules/schedule.ts'
import { shippedSchedules } from '../schedules/shippedSchedules.ts'

const DOLLAR = 1_000_000n
const rows = (count: number, units: bigint, ...destinations: readonly (typeof to)[keyof typeof to][]) =>
  Array.from({ length: count }, (_, i) => ({ amount: money(USDC, units + BigInt(i)), destinations }))
const railsOf = (plan: Awaited<ReturnType<World['payouts']['plan']>>) => plan.ways.map((way) => way?.rail)

test('rows that are too many for the cheapest rail go by others, and no rail is asked for each of them', async () => {
  const w = await boot()
  onTestFinished(() => w.payouts.close())
  const plan = await w.payouts.plan({ source: PAYEE, rows: rows(14, 101n * DOLLAR, to.node, to.evm) })
  // The chain's wallet has 1,000 dollars, and 500 can be had over Lightning; each takes its fee besides.
  expect(plan.rails.map(({ rail, rows: count, units }) => [rail, count, units / DOLLAR])).toEqual([
    ['lightning', 4, 404n],
    ['evm:31337', 9, 909n],
  ])
  expect([railsOf(plan).filter((rail) => rail === undefined).length, plan.asked]).toEqual([1, 4])
})

test('a plan of many rows leaves others their turns', async () => {
  const w = await boot()
  onTestFinished(() => w.payouts.close())
  let [turns, planned] = [0, false]
  const plan = w.payouts.plan({ source: PAYEE, rows: rows(4_000, DOLLAR, to.node, to.evm) }).finally(() => {
    planned = true
  })
  for (; !planned; turns++) await turn()
  expect((await plan).rails.length).toBeGreaterThan(0)
  expect(turns).toBeGreaterThan(30)
})

test('a file of a bank is worth it for many rows that would each go another way, and for few it is not', async () => {
  const rails = makeRails()
  rails.evm.estimate = async () => ({
    kind: 'possible',
    fee: money(ETH, 2n * 10n ** 14n),
    feeMax: money(ETH, 4n * 10n ** 14n),
    failureFee: money(ETH, 0n),
    successPpm: 999_000n,
    secondsToFunds: 900n,
    secondsToFail: 1n,
    available: money(USDC, 1_000n * DOLLAR),
  })
  const shipped = shippedSchedules().find(({ asset, batch }) => asset.id === EUR.id && !batch)!
  const batch = { cost: money(EUR, 5n * DOLLAR), items: 1_000n }
  const list = {
    ...shipped,
    schedule: 'files',
    fixed: money(EUR, 10_000n),
    rateMin: money(EUR, 0n),
    from: '2000-01-01',
    until: '9999-12-31',
    batch,
  } as const
  const w = await boot({ rails, feeListOf: feeListOf([list], { bank: 'files' }) })
  onTestFinished(() => w.payouts.close())
  const few = await w.payouts.plan({ source: PAYEE, rows: rows(3, 10n * DOLLAR, to.iban, to.evm) })
  const many = await w.payouts.plan({ source: PAYEE, rows: rows(30, 10n * DOLLAR, to.iban, to.evm) })
  expect(new Set(railsOf(few))).toEqual(new Set(['evm:31337']))
  expect(new Set(railsOf(many))).toEqual(new Set(['bank']))
  expect(many.rails[0]!.fixedNano).toBe(5_500_000_000n)
  expect([few.costNano, many.costNano]).toEqual([few.leastNano, many.leastNano])
})

test('a payout takes the way that was planned for it while its price holds, and its decision says so', async () => {
  const w = await boot()
  onTestFinished(() => w.payouts.close())
  const order = { source: PAYEE, amount: money(USDC, 100_000n), reference: 'r', createdBy: 'test', destinations: [to.node, to.evm] }
  async function pay(preferNano?: bigint) {
    const planned = preferNano === undefined ? undefined : ({ rail: 'evm:31337', destination: 1, preferNano } as const)
    const { id } = await w.payouts.create({ ...order, planned })
    const { rail, decisionId } = await w.payouts.wait(id, { timeoutMs: 15_000 })
    return { rail, decision: w.payouts.decision(decisionId!) }
  }
  const free = await pay()
  expect([free.rail, free.decision.planned]).toEqual(['lightning', undefined])
  const held = await pay(10_000_000n)
  expect(held.rail).toBe('evm:31337')
  expect(held.decision.planned).toMatchObject({ rail: 'evm:31337', destination: 1 })
  expect(held.decision.candidates[0]!.terms).toMatchObject({ preference: held.decision.planned!.preferUsd })
  // Lightning costs a tenth of a cent less.
  expect((await pay(100_000n)).rail).toBe('lightning')
})
