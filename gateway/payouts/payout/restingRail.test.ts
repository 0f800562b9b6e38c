import { expect, onTestFinished, test } from 'vitest'
import { boot, expectBalanced, PAYEE, quickPolicy, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Destination } from '../../ports/sender.ts'
import type { PayoutView } from '../payoutState/view.ts'

const WAIT = { timeoutMs: 20_000 }
const SMALL = 1_000_000n
const LARGE = 30_000_000n
const EVER_MS = 3_600_000

async function world(o: Parameters<typeof boot>[0] = {}): Promise<World & { pass(ms: number): void }> {
  let now = 1_800_000_000_000
  const made = await boot({ clock: { now: () => now }, ...o })
  onTestFinished(() => made.payouts.close())
  return {
    ...made,
    pass(ms) {
      now += ms
    },
  }
}

const create = (w: World, destinations: readonly Destination[] = [to.node, to.evm], units = SMALL) =>
  w.payouts.create({ source: PAYEE, amount: money(USDC, units), destinations, reference: '', createdBy: 'test' })

async function pay(w: World, units = SMALL, destinations?: readonly Destination[]): Promise<PayoutView> {
  return w.payouts.wait((await create(w, destinations, units)).id, WAIT)
}

const lightningOf = (w: World, { decisionId }: PayoutView) => w.payouts.decision(decisionId!).candidates.find((c) => c.rail === 'lightning')

test('a rail that hangs is asked no more after a few times, is tried with a small payment when it is back, and then pays as before', async () => {
  const w = await world()
  const ways = [to.node, to.iban]
  w.rails.lightning.estimates = 'hang'
  for (let i = 0; i < 5; i++) expect(lightningOf(w, await pay(w, SMALL, ways))).toMatchObject({ reason: 'no_answer' })
  let asked = 0
  const { estimate } = w.rails.lightning
  w.rails.lightning.estimate = (query) => {
    asked++
    return estimate(query)
  }
  const around = await pay(w, SMALL, ways)
  expect(around).toMatchObject({ status: 'settled', rail: 'bank' })
  expect(lightningOf(w, around)).toMatchObject({ reason: 'rail_resting', why: expect.stringContaining('no answer 5 times in a row') })
  expect(asked).toBe(0)
  expect(w.payouts.health()).toMatchObject([
    { rail: 'lightning', state: 'resting' },
    { rail: 'bank', state: 'well' },
  ])

  w.rails.lightning.estimates = 'answer'
  w.pass(EVER_MS / 600)
  const large = await pay(w, LARGE, ways)
  expect(large).toMatchObject({ status: 'settled', rail: 'bank' })
  expect(lightningOf(w, large)).toMatchObject({ why: expect.stringContaining('up to 25 USD') })
  const small = await pay(w, SMALL, ways)
  expect(small).toMatchObject({ status: 'settled', rail: 'lightning' })
  // While it is on trial its chance counts less, and the decision has both.
  expect(lightningOf(w, small)).toMatchObject({ successPpm: '891000', railPpm: '990000' })
  expect(await pay(w, LARGE, ways)).toMatchObject({ status: 'settled', rail: 'lightning' })
  await expectBalanced(w)
})

test('a rail that takes payments and says nothing is left alone; what it was sent stays unknown until it tells, and is paid once', async () => {
  const w = await world()
  w.rails.lightning.manner = 'hangPaid'
  for (let i = 0; i < 5; i++)
    expect(await pay(w)).toMatchObject({ status: 'settled', rail: 'lightning', attempts: [{ outcome: 'settled' }] })
  expect(w.payouts.health()).toMatchObject([{ rail: 'lightning', state: 'resting' }, {}])
  expect(await pay(w)).toMatchObject({ rail: 'evm:31337' })
  expect(w.rails.lightning.paid.length).toBe(5)
  await expectBalanced(w)
})

test('a rail that refuses is heard, so it does not rest', async () => {
  const w = await world()
  w.rails.lightning.manner = 'refuse'
  for (let i = 0; i < 7; i++) await pay(w)
  expect(w.payouts.health()).toMatchObject([{ rail: 'lightning', state: 'well' }, {}])
})

test('a rail that keeps its calls keeps no place of the lane from others', async () => {
  const w = await world({ policy: { lanes: 2, sendDeadlineMs: EVER_MS } })
  w.rails.lightning.manner = 'hangUnheard'
  for (let i = 0; i < 3; i++) await create(w, [to.node])
  await expect.poll(() => w.rails.lightning.heard.length, { timeout: 20_000 }).toBe(3)
  w.rails.lightning.manner = 'pay'
  expect(await w.payouts.wait((await create(w, [to.node])).id, WAIT)).toMatchObject({ status: 'settled' })
})

test('a rail with as many calls under way as there may be is gone around', async () => {
  const w = await world({ policy: { sendDeadlineMs: EVER_MS, health: { ...quickPolicy.health, callsMax: 4 } } })
  w.rails.lightning.manner = 'hangUnheard'
  const held = [await create(w), await create(w)]
  await expect.poll(() => w.rails.lightning.heard.length, { timeout: 20_000 }).toBe(2)
  const third = await pay(w)
  expect(third).toMatchObject({ status: 'settled', rail: 'evm:31337' })
  expect(lightningOf(w, third)).toMatchObject({ reason: 'rail_busy' })
  for (const { id } of held) expect(w.payouts.get(id)).toMatchObject({ status: 'processing', attempts: [{ outcome: 'pending' }] })
})

test('a try that our own books declined was not handed to its rail: a payout that waits for that rail then is canceled', async () => {
  const w = await world()
  // Another payment takes the liquidity of the pair just before the try reserves it.
  const pair = 'fx:BTC/USDC'
  const units = w.books.balance(pair, BTC).creditsPosted
  w.rails.lightning.railKey = () => {
    w.rails.lightning.estimates = 'hang'
    const legs = [{ kind: 'move' as const, debit: pair, credit: 'rail:lightning:node', asset: BTC, units }]
    void w.books.submit({ entry: { id: `en_${'2'.repeat(32)}`, payment: 'other', legs } })
    return undefined
  }
  const { id } = await create(w, [to.node])
  await expect.poll(() => w.payouts.get(id).attempts, { timeout: 20_000 }).toMatchObject([{ reason: 'insufficient_liquidity' }])
  w.pass(50)
  await expect.poll(() => lightningOf(w, w.payouts.get(id))?.reason, { timeout: 20_000 }).toMatch(/no_answer|rail_resting/)
  await w.payouts.cancel(id, { by: 'test', along: () => ({ claims: [], facts: [] }) })
  expect(await w.payouts.wait(id, WAIT)).toMatchObject({ status: 'failed', failure: { code: 'canceled' } })
  expect(w.rails.lightning.heard).toEqual([])
})
