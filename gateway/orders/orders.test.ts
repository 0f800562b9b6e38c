import { describe, expect, onTestFinished, test } from 'vitest'
import { type OrderWorld, openOrderWorld, orderOutside } from '../../test/payout/orderWorld.ts'
import { expectBalanced, PAYEE, START, to, USDC } from '../../test/payout/payoutWorld.ts'
import { money } from '../money/money.ts'
import { type RunParts, runOrder } from './runOrder.ts'

const NEW_YEAR = '2027-01-01T00:00Z'

async function world(o: { dayMax?: string } = {}): Promise<OrderWorld & { outside: ReturnType<typeof orderOutside> }> {
  const outside = orderOutside(NEW_YEAR)
  const w = await openOrderWorld(outside, o)
  onTestFinished(() => w.close())
  return { ...w, outside }
}
const paid = (w: OrderWorld) => w.rails.evm.paid.length

describe('a standing order of every month on the 31st', () => {
  test('pays all above what is kept when its day comes, also in a month without a 31st, and nothing on any other', async () => {
    const w = await world()
    await w.make({ keep: 400n, metadata: { Shop: 'north' } })
    for (const time of ['2027-01-30T23:59Z', '2027-01-31T05:59:50Z']) await w.at(time)
    expect(paid(w)).toBe(0)
    await w.at('2027-01-31T06:00:01Z')
    expect([paid(w), w.rails.evm.sent(), w.free()]).toEqual([1, START.usdc - 400n, 400n])
    expect(w.payouts.list({ limit: 9 }).map(({ metadata }) => metadata)).toEqual([{ Shop: 'north' }])
    await w.at('2027-02-01T00:00Z')
    // There is nothing above what is kept on the last day of February.
    await w.at('2027-02-28T06:00:01Z')
    expect([paid(w), w.said()]).toEqual([1, ['created', 'ran', 'skipped']])
    await expectBalanced(w)
  })

  test('pays once for all the months that it missed, and the next one again', async () => {
    const w = await world()
    const id = await w.make({ fixed: 1_000n })
    await w.at('2027-05-10T00:00Z')
    expect(paid(w)).toBe(1)
    await w.at('2027-05-30T00:00Z')
    expect(paid(w)).toBe(1)
    await w.at('2027-05-31T06:00:01Z')
    expect([paid(w), w.free()]).toEqual([2, START.usdc - 2_000n])
    expect(new Date(w.orders.nextRunAt(w.orders.get(id))!).toISOString()).toBe('2027-06-30T06:00:00.000Z')
    await expectBalanced(w)
  })

  test('is run twice by no clock that goes ahead and comes back, and leaves no month out', async () => {
    const w = await world()
    await w.make({ fixed: 1_000n })
    const jumps = [
      '2027-03-31T07:00Z',
      '2028-06-30T07:00Z',
      '2027-03-31T08:00Z',
      '2027-04-30T07:00Z',
      '2027-05-31T07:00Z',
      '2027-04-30T07:00Z',
    ]
    for (const time of jumps) await w.at(time)
    // March, June of the next year, April, May.
    expect([paid(w), w.said().filter((one) => one === 'ran').length]).toEqual([4, 4])
    await w.at('2028-06-30T09:00Z')
    expect(paid(w)).toBe(4)
  })

  test('says when its balance is too small for a fixed amount, pays none of it, and tries the next month', async () => {
    const w = await world()
    const id = await w.make({ fixed: START.usdc - 10n, keep: 11n })
    await w.at('2027-01-31T07:00Z')
    expect([paid(w), w.free(), w.orders.get(id).last?.code]).toEqual([0, START.usdc, 'insufficient_balance'])
    const failed = w.facts.find(({ type }) => type === 'standing_order.failed')
    expect(failed?.data.detail).toMatch(/1000 USDC are free, and 999.99999 USDC are to be paid with 0.000011 USDC besides/)
    await w.at('2027-02-01T00:00Z')
    expect(w.said()).toEqual(['created', 'failed'])
    await w.at('2027-02-28T07:00Z')
    expect(w.said()).toEqual(['created', 'failed', 'failed'])
  })

  test.for([
    ['paid at once', undefined],
    ['asked for, above a limit', '0.001'],
  ] as const)('what is kept stays, also of a payout made between the look and the hold; the run is %s', async ([_, dayMax]) => {
    const w = await world(dayMax === undefined ? {} : { dayMax })
    const id = await w.make({ fixed: 1_000n, keep: START.usdc - 1_500n })
    const order = w.orders.get(id)
    let isFirst = true
    const byHand = { source: PAYEE, amount: money(USDC, 1_000n), destinations: [to.evm], reference: 'by hand', createdBy: 'pa_somebody' }
    const between = async () => {
      if (isFirst) await w.payouts.create(byHand)
      isFirst = false
    }
    const payouts: RunParts['payouts'] = { create: async (wish) => between().then(() => w.payouts.create(wish)) }
    const approvals: RunParts['approvals'] = {
      limits: w.approvals.limits,
      ask: async (wish, along) => between().then(() => w.approvals.ask(wish, along)),
    }
    const run = (slot: number) => runOrder({ books: w.books, clock: w.outside.clock, payouts, approvals }, w.orders.get(id), slot)
    expect([await run(order.firstSlot), w.free(), w.said()]).toEqual(['done', START.usdc - 1_000n, ['created', 'failed']])
    expect(w.orders.get(id).last).toMatchObject({ code: 'insufficient_balance' })
    expect(w.approvals.open()).toEqual([])
    // What is kept is not held: a payout by hand may take it.
    await w.payouts.create({ ...byHand, amount: money(USDC, START.usdc - 1_000n) })
    expect(w.free()).toBe(0n)
  })

  test('where exactly what is kept would stay it pays, and holds nothing of what is kept', async () => {
    const w = await world()
    await w.make({ fixed: 1_000n, keep: START.usdc - 1_000n })
    await w.at('2027-01-31T07:00Z')
    expect([paid(w), w.free()]).toEqual([1, START.usdc - 1_000n])
    const { debitsPosted, debitsPending } = w.books.balance(PAYEE, USDC)
    expect([debitsPosted, debitsPending]).toEqual([1_000n, 0n])
    await expectBalanced(w)
  })

  test('makes a payout that no rail pays, whose money is free again, and tries the next month', async () => {
    const w = await world()
    await w.make({ fixed: 1_000n })
    w.rails.evm.manner = 'refuse'
    await w.at('2027-01-31T07:00Z')
    expect([paid(w), w.free(), w.payouts.list({ limit: 9 }).map(({ status }) => status)]).toEqual([0, START.usdc, ['failed']])
    w.rails.evm.manner = 'pay'
    await w.at('2027-02-01T07:00Z')
    expect(paid(w)).toBe(0)
    await w.at('2027-02-28T07:00Z')
    expect([paid(w), w.free()]).toEqual([1, START.usdc - 1_000n])
  })
})

describe('what is paused, resumed and ended', () => {
  test('pays nothing while it rests nor for that time later, and runs in the next period', async () => {
    const w = await world()
    const id = await w.make({ fixed: 1_000n })
    await w.change(id, 'paused')
    expect(w.orders.nextRunAt(w.orders.get(id))).toBeUndefined()
    await w.at('2027-02-10T00:00Z')
    await w.change(id, 'active')
    await w.at('2027-02-11T00:00Z')
    expect(paid(w)).toBe(0)
    await w.at('2027-02-28T07:00Z')
    expect(paid(w)).toBe(1)
    await w.change(id, 'ended')
    await w.at('2027-05-31T07:00Z')
    expect(paid(w)).toBe(1)
    await expect(w.change(id, 'active')).rejects.toMatchObject({ code: 'order_ended' })
    await w.change(id, 'ended')
  })

  test('one party has so many at most, and may make another when one has ended', async () => {
    const w = await world()
    const ids: string[] = []
    for (let n = 0; n < 50; n++) ids.push(await w.make())
    await expect(w.make()).rejects.toMatchObject({ code: 'too_many_open' })
    await w.change(ids[7]!, 'ended')
    await w.make()
    await expect(w.make()).rejects.toMatchObject({ code: 'too_many_open' })
  })

  test('a destination that no rail here pays is refused when the order is made', async () => {
    const w = await world()
    await expect(w.make({ destination: { kind: 'custom', rail: 'custom:pigeon', account: 'x' } })).rejects.toMatchObject({
      code: 'no_rail',
    })
    await expect(w.make({ destination: { kind: 'party', party: PAYEE.slice(6) } as never })).rejects.toMatchObject({
      code: 'invalid_request',
    })
  })
})

test('an order of every hour pays when the balance is above its sum, and says nothing of other hours', async () => {
  const w = await world()
  await w.make({ schedule: { every: 'hour', day: 1, hour: 0 }, keep: 100n, above: START.usdc })
  for (const hour of ['01', '02', '03']) await w.at(`2027-01-01T${hour}:00:01Z`)
  expect([paid(w), w.said()]).toEqual([0, ['created']])
  const legs = [{ kind: 'move' as const, debit: 'rail:evm:31337:wallet', credit: PAYEE, asset: USDC, units: 1n }]
  await w.books.submit({ facts: [], entry: { id: `en_${'7'.repeat(32)}`, payment: 'gift', legs } })
  await w.at('2027-01-01T03:30Z')
  expect(paid(w)).toBe(0)
  await w.at('2027-01-01T04:00:01Z')
  expect([paid(w), w.free()]).toEqual([1, 100n])
  await w.at('2027-01-01T05:00:01Z')
  expect(w.said()).toEqual(['created', 'ran'])
})

test('above a limit another person must agree: then the payout is made under its own id, and a refusal leaves the money free', async () => {
  const w = await world({ dayMax: '0.001' })
  await w.make({ fixed: 1_001n })
  const word = {
    hand: { by: 'operator', person: 'Otto', key: undefined },
    as: 'gateway' as const,
    along: () => ({ claims: [], facts: [] }),
  }
  await w.at('2027-01-31T07:00Z')
  await w.at('2027-01-31T08:00Z')
  const [asked, other] = w.approvals.open()
  expect([other, paid(w), w.free()]).toEqual([undefined, 0, START.usdc - 1_001n])
  expect(w.facts.find(({ type }) => type === 'standing_order.ran')?.data).toMatchObject({ payout: asked!.order!.payout, waits: true })
  await w.approvals.approve(asked!.id, word)
  expect(await w.payouts.wait(asked!.order!.payout, { timeoutMs: 20_000 })).toMatchObject({ status: 'settled' })
  await w.at('2027-02-28T07:00Z')
  const [second] = w.approvals.open()
  await w.approvals.refuse(second!.id, word)
  expect([paid(w), w.free()]).toEqual([1, START.usdc - 1_001n])
  await expectBalanced(w)
})

test('it counts against the day of its party like any payout', async () => {
  const w = await world({ dayMax: '0.0015' })
  await w.make({ fixed: 1_000n })
  await w.make({ fixed: 1_000n })
  await w.at('2027-01-31T07:00Z')
  expect([paid(w), w.approvals.open().length]).toEqual([1, 1])
})

test('of payouts by hand at the same moment none takes what another has, and what is left goes by the order', async () => {
  const w = await world()
  await w.make()
  await w.make({ keep: 5n })
  w.outside.clock.set('2027-01-31T07:00Z')
  const byHand = Array.from({ length: 8 }, () =>
    w.payouts
      .create({ source: PAYEE, amount: money(USDC, START.usdc / 5n), destinations: [to.evm], reference: '', createdBy: 'hand' })
      .then(
        () => 1,
        (error: { code?: string }) => {
          expect(error.code).toBe('insufficient_balance')
          return 0
        },
      ),
  )
  const [made] = await Promise.all([Promise.all(byHand), w.orders.sweep()])
  await w.at('2027-01-31T07:01Z')
  expect(w.said().filter((one) => one === 'failed')).toEqual([])
  expect(w.free()).toBe(0n)
  expect(w.rails.evm.sent()).toBe(START.usdc)
  expect(made.reduce((sum: number, one) => sum + one, 0)).toBeLessThanOrEqual(5)
  await expectBalanced(w)
})

test('also of many that are made at once a party has fifty', async () => {
  const w = await world()
  const ends = await Promise.allSettled(Array.from({ length: 60 }, () => w.make()))
  const refused = ends.filter((end) => end.status === 'rejected')
  expect(refused.map((end) => end.reason.code)).toEqual(Array.from({ length: 10 }, () => 'too_many_open'))
  expect(w.said().filter((one) => one === 'created')).toHaveLength(50)
})
