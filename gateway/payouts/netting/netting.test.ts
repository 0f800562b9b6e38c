import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { boot, ended, expectNetted, type NettingWorld, payoutOf } from '../../../test/netting/nettingWorld.ts'
import { makeRails, PAYEE, posted, START, to, USDC } from '../../../test/payout/payoutWorld.ts'
import { machineEngine } from '../../../test/tigerbeetle/machineEngine.ts'
import { mutedEngine } from '../../../test/tigerbeetle/mutedEngine.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { EntryId } from '../../ports/ids.ts'
import { endLegs } from './entries.ts'
import type { Member, Net } from './net.ts'

const OTHER = 'party:pa_00000000000000000000000000000007'

async function world(o: Parameters<typeof boot>[0] = {}): Promise<NettingWorld> {
  const made = await boot(o)
  onTestFinished(() => made.closeAll())
  return made
}

async function join(w: NettingWorld, ...units: readonly bigint[]): Promise<string[]> {
  const ids: string[] = []
  for (const u of units) ids.push((await w.netting.join(payoutOf(u))).id)
  return ids
}

describe('payouts to one payee', () => {
  test('keep the seat of one that the books do not know to have joined, so that no net has more than it may', async () => {
    const clock = { now: () => Date.now() }
    const link = mutedEngine(machineEngine(clock))
    const w = await world({ clock, engine: link.engine })
    const bounds = { unitsMax: 1_000_000_000n, countMax: 2, ageMsMax: 3_600_000 }
    link.state = 'mute'
    await expect(w.netting.join(payoutOf(10_000n, { bounds }))).rejects.toMatchObject({ code: 'outcome_unknown' })
    link.state = 'whole'
    while (w.nets.openCount() === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const first = w.nets.open()[0]!
    // At once, or the net would close before the third comes.
    const joining = [w.netting.join(payoutOf(20_000n, { bounds })), w.netting.join(payoutOf(30_000n, { bounds }))] as const
    const [second, third] = await Promise.all(joining)
    expect([w.nets.ofMember(second.id)?.id, w.nets.ofMember(third.id)?.id === first.id]).toEqual([first.id, false])
    const views = await ended(w, [first.members[0]!.id, second.id])
    expect(views).toMatchObject([{ status: 'settled', netting: { payouts: 2 } }, { status: 'settled' }])
    expect(w.rails.lightning.paid.map((p) => p.amount.units)).toEqual([30_000n])
  })

  test('are made as one payment when there are enough, each with its own id and an exact share of the fee', async () => {
    const w = await world()
    const ids = await join(w, 10_000n, 20_000n, 40_001n)
    const views = await ended(w, ids)
    expect(new Set(ids).size).toBe(3)
    expect(w.rails.lightning.paid.map((p) => p.amount.units)).toEqual([70_001n])
    expect(views).toMatchObject([
      { status: 'settled', rail: 'lightning', amount: { amount: '0.01' }, netting: { payouts: 3, closed: 'count' } },
      { status: 'settled', amount: { amount: '0.02' } },
      { status: 'settled', amount: { amount: '0.040001' } },
    ])
    // 700 msat divided by 10,000 : 20,000 : 40,001.
    expect(views.map((v) => v.fee?.amount)).toEqual(['0.000000001', '0.000000002', '0.000000004'])
    expect(views[0]!.fee).toEqual({ amount: '0.000000001', asset: 'BTC', code: 'BTC' })
    expect(new Set(views.map((v) => v.netting.paidBy)).size).toBe(1)
    expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc - 70_001n)
    await expectNetted(w)
  })

  test('keep each what its maker wrote on it, from the first word to the last', async () => {
    const w = await world()
    const first = await w.netting.join(payoutOf(10_000n, { metadata: { shop: 'north' } }))
    const others = await join(w, 10_000n, 10_000n)
    const views = await ended(w, [first.id, ...others])
    expect([first.metadata, ...views.map(({ metadata }) => metadata)]).toEqual([{ shop: 'north' }, { shop: 'north' }, {}, {}])
  })

  test('are shown what netting was expected to save, to the nano', async () => {
    const w = await world()
    const views = await ended(w, await join(w, 10_000n, 10_000n, 10_001n))
    // Three times the rail's fee of 700 micro-dollars less one.
    expect(views.map((v) => v.netting.expectedSavedUsd)).toEqual(['0.000466651', '0.000466651', '0.000466698'])
    expect(w.netting.gainOf(PAYEE)).toEqual({ payouts: 3, payments: 1, savedNano: 1_400_000n })
    expect(w.netting.gainOf(OTHER)).toEqual({ payouts: 0, payments: 0, savedNano: 0n })
  })

  test('wait until the amount is reached', async () => {
    const w = await world()
    const bounds = { unitsMax: 50_000n, countMax: 100, ageMsMax: 3_600_000 }
    const first = await w.netting.join(payoutOf(20_000n, { bounds }))
    expect(first).toMatchObject({ status: 'collecting', netting: { payouts: 1 } })
    const second = await w.netting.join(payoutOf(30_000n, { bounds }))
    const views = await ended(w, [first.id, second.id])
    expect(views.map((v) => v.netting.closed)).toEqual(['amount', 'amount'])
    await expectNetted(w)
  })

  test('are paid when the one that is in the greatest hurry may not wait any longer', async () => {
    let now = Date.now()
    const w = await world({ clock: { now: () => now } })
    const hurried = { unitsMax: 10n ** 9n, countMax: 100, ageMsMax: 40 }
    const ids = [...(await join(w, 10_000n)), (await w.netting.join(payoutOf(5_000n, { bounds: hurried }))).id]
    expect(w.netting.find(ids[0]!)).toMatchObject({ status: 'collecting' })
    now += 41
    expect((await ended(w, ids)).map((v) => v.netting.closed)).toEqual(['age', 'age'])
    expect(w.rails.lightning.paid.length).toBe(1)
    await expectNetted(w)
  })

  test('end when their payee has become an account of the gateway meanwhile, and everybody has the money again', async () => {
    let now = Date.now()
    const w = await world({ clock: { now: () => now } })
    const hurried = { unitsMax: 10n ** 9n, countMax: 100, ageMsMax: 40 }
    const { id } = await w.netting.join(payoutOf(5_000n, { bounds: hurried }))
    w.rails.lightning.owns = () => 'our own Lightning node'
    now += 41
    expect(await ended(w, [id])).toMatchObject([{ status: 'failed' }])
    expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc)
    await expectNetted(w)
  })

  test('are waited for until their net has its end, or until who waits has gone', async () => {
    const w = await world()
    const [first] = await join(w, 10_000n)
    const leaving = new AbortController()
    const left = w.netting.wait(first!, { timeoutMs: 3_600_000, signal: leaving.signal })
    leaving.abort()
    expect(await left).toMatchObject({ status: 'collecting' })
    const waited = w.netting.wait(first!, { timeoutMs: 3_600_000 })
    await join(w, 20_000n, 30_000n)
    expect(await waited).toMatchObject({ id: first, status: 'settled' })
    expect(await w.netting.wait(first!, { timeoutMs: 3_600_000 })).toMatchObject({ status: 'settled' })
    expect(await w.netting.wait('po_of_another_kind', { timeoutMs: 3_600_000 })).toBeUndefined()
  })

  test('are held on their own sources until then', async () => {
    const w = await world()
    await join(w, 10_000n)
    expect(w.books.balance(PAYEE, USDC).debitsPending).toBe(10_000n)
    expect(w.rails.lightning.heard).toEqual([])
  })

  test('go to one destination each: another payee, or another asset, is another net', async () => {
    const w = await world()
    const a = await w.netting.join(payoutOf(10_000n))
    const b = await w.netting.join(payoutOf(10_000n, { destination: to.evm }))
    const c = await w.netting.join(payoutOf(0n, { amount: money(BTC, 10_000n) }))
    expect(new Set([a, b, c].map((v) => v.netting.net)).size).toBe(3)
  })

  test('all get their money back, to the unit, when the payment fails', async () => {
    const w = await world()
    w.rails.lightning.manner = 'refuse'
    const views = await ended(w, await join(w, 1n, 20_000n, 40_001n))
    expect(views.map((v) => v.status)).toEqual(['failed', 'failed', 'failed'])
    expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc)
    expect(w.netting.gainOf(PAYEE).payouts).toBe(0)
    await expectNetted(w)
  })

  test('all wait while the outcome of the payment is not known', async () => {
    const w = await world()
    w.rails.lightning.manner = 'stuck'
    const ids = await join(w, 10_000n, 20_000n, 30_000n)
    while (w.netting.find(ids[2]!)!.status !== 'outcome_unknown') await new Promise((resolve) => setTimeout(resolve, 2))
    expect(ids.map((id) => w.netting.find(id)!.status)).toEqual(['outcome_unknown', 'outcome_unknown', 'outcome_unknown'])
    expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc - 60_000n)
    expect(w.rails.lightning.heard.length).toBe(1)
  })

  test('come from whatever sources, and each is refused for itself', async () => {
    const w = await world()
    const give = [{ kind: 'move', debit: PAYEE, credit: OTHER, asset: USDC, units: 15_000n }] as const
    await w.books.submit({ entry: { id: `en_${'2'.repeat(32)}` as EntryId, payment: 'gift', legs: give } }) // An id of the test.
    const ids = await join(w, 10_000n)
    await expect(w.netting.join(payoutOf(15_001n, { source: OTHER }))).rejects.toMatchObject({ code: 'insufficient_balance' })
    ids.push((await w.netting.join(payoutOf(15_000n, { source: OTHER }))).id, ...(await join(w, 1_000n)))
    await ended(w, ids)
    expect([posted(w.books, OTHER, USDC), posted(w.books, PAYEE, USDC)]).toEqual([0n, START.usdc - 26_000n])
    expect(w.netting.gainOf(OTHER)).toMatchObject({ payouts: 1, payments: 1 })
    await expectNetted(w)
  })

  test('are not sunk by a stranger: what makes all together too much for every rail is paid by itself', async () => {
    const w = await world()
    const give = [{ kind: 'move', debit: PAYEE, credit: OTHER, asset: USDC, units: 300_000n }] as const
    await w.books.submit({ entry: { id: `en_${'2'.repeat(32)}` as EntryId, payment: 'gift', legs: give } }) // An id of the test.
    w.rails.lightning.terms = { available: money(BTC, 310_000n) }
    const ids = await join(w, 10_000n, 10_000n)
    const large = payoutOf(300_000n, { source: OTHER, bounds: { unitsMax: 300_000n, countMax: 9, ageMsMax: 3_600_000 } })
    ids.push((await w.netting.join(large)).id, ...(await join(w, 1n)))
    expect((await ended(w, ids)).map(({ status }) => status)).toEqual(['settled', 'settled', 'settled', 'settled'])
    expect(new Set(w.rails.lightning.paid.map((p) => p.amount.units))).toEqual(new Set([300_000n, 20_001n]))
    await expectNetted(w)
  })

  test('get back what a bank cannot pay', async () => {
    const w = await world()
    const eur = { ...to.iban }
    const asset = w.rails.bank.asset
    const order = (units: bigint) => payoutOf(0n, { amount: money(asset, units), destination: eur })
    const ids: string[] = []
    for (const units of [1_003_000n, 1_003_000n, 1_003_000n]) ids.push((await w.netting.join(order(units))).id)
    expect((await ended(w, ids)).map((v) => v.status)).toEqual(['settled', 'settled', 'settled'])
    // 3.009 EUR are 3.00 in whole cents; the rest is divided over the three.
    expect(posted(w.books, PAYEE, asset)).toBe(START.eur / 2n - 3_000_000n)
    await expectNetted(w)
  })

  test('that come at once are each paid once, in nets of the size that was asked for', async () => {
    const w = await world()
    const bounds = { unitsMax: 10n ** 9n, countMax: 40, ageMsMax: 3_600_000 }
    const made = await Promise.all(Array.from({ length: 200 }, (_, i) => w.netting.join(payoutOf(100n + BigInt(i), { bounds }))))
    const views = await ended(
      w,
      made.map((v) => v.id),
    )
    expect(views.every((v) => v.status === 'settled' && v.netting.payouts === 40)).toBe(true)
    expect(w.rails.lightning.paid.length).toBe(5)
    expect(w.rails.lightning.sent()).toBe(200n * 100n + (199n * 200n) / 2n)
    await expectNetted(w)
  })
})

describe('a payout is not netted', () => {
  test.each([
    ['to an invoice, which is paid once', { kind: 'lightning_invoice', invoice: 'lnbcrt1' }],
    ['to a balance held here, which is free', to.party],
  ] as const)('%s', async (_, destination) => {
    const w = await world()
    await expect(w.netting.join(payoutOf(1_000n, { destination }))).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('when its destination could never be paid', async () => {
    const w = await world()
    const destination = { kind: 'lightning_node', nodeId: 'malformed' } as const
    await expect(w.netting.join(payoutOf(1_000n, { destination }))).rejects.toMatchObject({ code: 'invalid_request' })
    expect(w.nets.open()).toEqual([])
  })

  test('twice under one key', async () => {
    const w = await world()
    const once = payoutOf(1_000n, { key: 'idem:once' })
    const [first, again] = [
      await w.netting.join(once),
      await w.netting.join({ ...once, along: () => ({ claims: [{ key: 'idem:once', fingerprint: 'y' }], facts: [] }) }).catch((e) => e),
    ]
    expect(again).toMatchObject({ code: 'idempotency_key_reused' })
    expect(w.netting.find(first.id)).toMatchObject({ netting: { payouts: 1 } })
    expect(w.books.balance(PAYEE, USDC).debitsPending).toBe(1_000n)
  })
})

test('a net that was collecting goes on after a restart', async () => {
  const [rails, journal] = [makeRails(), memoryJournal()]
  const first = await boot({ rails, journal })
  const ids = await join(first, 10_000n, 20_000n)
  await first.closeAll()
  const w = await world({ rails, journal })
  ids.push(...(await join(w, 30_000n)))
  expect((await ended(w, ids)).map((v) => v.netting.payouts)).toEqual([3, 3, 3])
  expect(rails.lightning.paid.length).toBe(1)
  await expectNetted(w)
})

test('whatever a payment leaves is divided over the members without a unit lost', () => {
  const amounts = fc.array(fc.bigInt({ min: 1n, max: 10n ** 12n }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(amounts, fc.bigInt({ min: 0n, max: 1_000_000n }), (units, ppm) => {
      const total = units.reduce((a, b) => a + b, 0n)
      const left = (total * ppm) / 1_000_000n
      const members = units.map((u, i) => ({ source: `party:pa_${i}`, amount: money(USDC, u) }) as Member) // Only these two are looked at.
      const net = { id: 'nt_1', members } as unknown as Net // The same.
      const back = endLegs(net, left).map((leg) => (leg.kind === 'move' ? leg.units : 0n))
      expect(back.reduce((a, b) => a + b, 0n)).toBe(left)
      if (ppm === 1_000_000n) expect(back).toEqual(units)
    }),
  )
})
