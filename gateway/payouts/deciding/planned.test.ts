import { describe, expect, onTestFinished, test } from 'vitest'
import { boot, expectBalanced, makeRails, PAYEE, posted, START, to, USDC } from '../../../test/payout/payoutWorld.ts'
import { stoppingJournal } from '../../../test/payout/stoppingJournal.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { CreatePayout } from '../payoutState/createPayoutCommand.ts'

const NOW = 1_800_000_000_000
const HOUR_MS = 3_600_000
const WAIT = { timeoutMs: 20_000 }
const order: CreatePayout = { source: PAYEE, amount: money(USDC, 10_000n), destinations: [to.evm], reference: '', createdBy: 'test' }
const noAlong = () => ({ claims: [], facts: [] })

/** A world whose clock a test moves; who sleeps until a time is told. */
async function world(o: { journal?: ReturnType<typeof memoryJournal>; rails?: ReturnType<typeof makeRails>; at?: number } = {}) {
  let now = o.at ?? NOW
  const told = new Set<() => void>()
  const clock = {
    now: () => now,
    onMoved(listener: () => void) {
      told.add(listener)
      return () => told.delete(listener)
    },
  }
  const w = await boot({ clock, journal: o.journal ?? memoryJournal(), ...(o.rails ? { rails: o.rails } : {}) })
  onTestFinished(() => w.payouts.close())
  const later = (ms: number) => {
    now += ms
    for (const listener of told) listener()
  }
  return { ...w, later }
}

describe('a payout that is sent at a time', () => {
  test('is not tried before it, also after a restart, and its money is held; then it is paid once', async () => {
    const [journal, rails] = [memoryJournal(), makeRails()]
    const first = await world({ journal, rails })
    const { id, status } = await first.payouts.create({ ...order, sendAt: NOW + HOUR_MS })
    expect(status).toBe('scheduled')
    first.later(HOUR_MS - 1)
    await first.payouts.close()
    const w = await world({ journal, rails, at: NOW + HOUR_MS - 1 })
    await w.payouts.resume()
    expect(w.payouts.get(id)).toMatchObject({ status: 'scheduled', attempts: [], sendAt: new Date(NOW + HOUR_MS).toISOString() })
    expect([w.books.balance(PAYEE, USDC).debitsPending, rails.evm.heard.length]).toEqual([10_000n, 0])
    w.later(1)
    expect(await w.payouts.wait(id, WAIT)).toMatchObject({ status: 'settled' })
    expect(rails.evm.paid.length).toBe(1)
    await expectBalanced(w)
  })

  test('is canceled before it, and its source has the money again', async () => {
    const w = await world()
    const { id } = await w.payouts.create({ ...order, sendAt: NOW + HOUR_MS })
    await w.payouts.cancel(id, { by: 'test', along: noAlong })
    expect(await w.payouts.wait(id, WAIT)).toMatchObject({ status: 'failed', failure: { code: 'canceled' }, cancelAsked: true })
    await expect(w.payouts.cancel(id, { by: 'test', along: noAlong })).rejects.toMatchObject({ code: 'payout_sent' })
    w.later(HOUR_MS)
    expect([w.rails.evm.paid.length, posted(w.books, PAYEE, USDC)]).toEqual([0, START.usdc])
    await expectBalanced(w)
  })

  test('is not canceled once a rail was told of it', async () => {
    const w = await world()
    w.rails.evm.manner = 'payLater'
    const { id } = await w.payouts.create(order)
    await expect.poll(() => w.payouts.get(id).attempts.length, { timeout: 20_000 }).toBe(1)
    await expect(w.payouts.cancel(id, { by: 'test', along: noAlong })).rejects.toMatchObject({ code: 'payout_sent' })
    expect(await w.payouts.wait(id, WAIT)).toMatchObject({ status: 'settled' })
  })

  test('that is canceled comes to the same end when the process dies at any append', async () => {
    let deaths = 0
    for (let append = 2; append < 12; append++) {
      const [journal, rails] = [memoryJournal(), makeRails()]
      const stopping = stoppingJournal(journal, { append, moment: append % 2 === 0 ? 'before' : 'after' })
      const first = await boot({ rails, journal: stopping.journal })
      const id = 'po_00000000000000000000000000000011'
      const ended = first.payouts
        .create({ ...order, id, sendAt: Date.now() + HOUR_MS })
        .then(() => first.payouts.cancel(id, { by: 'test', along: noAlong }))
        .then(() => first.payouts.wait(id, WAIT))
        .then(() => false)
      const died = await Promise.race([ended, stopping.died.then(() => true)])
      void first.payouts.close()
      if (died) deaths++
      const w = await world({ journal, rails, at: Date.now() })
      await w.payouts.resume()
      const stands = w.payouts.find(id)
      if (stands && w.payouts.get(id).cancelAsked) expect(await w.payouts.wait(id, WAIT)).toMatchObject({ failure: { code: 'canceled' } })
      else if (stands) expect(stands.status).toBe('scheduled')
      expect(rails.evm.paid.length).toBe(0)
      expect(w.books.balance(PAYEE, USDC).debitsPending).toBe(stands?.status === 'scheduled' ? 10_000n : 0n)
      if (!died) break
    }
    expect(deaths).toBeGreaterThanOrEqual(3)
  })
})

describe('a payout with a deadline', () => {
  test('takes the dearer way that is there in time', async () => {
    const w = await world()
    w.rails.evm.terms = { secondsToFunds: 7_200n }
    const { id } = await w.payouts.create({ ...order, destinations: [to.evm, to.node], deliverBy: NOW + HOUR_MS })
    w.rails.lightning.terms = { secondsToFunds: 7n }
    expect(await w.payouts.wait(id, WAIT)).toMatchObject({
      status: 'settled',
      rail: 'lightning',
      deliverBy: new Date(NOW + HOUR_MS).toISOString(),
    })
    expect([w.rails.evm.paid.length, w.rails.lightning.paid.length]).toEqual([0, 1])
  })

  test('that no way meets is not paid late: it fails, says when, and the money is back', async () => {
    const w = await world()
    w.rails.evm.terms = { secondsToFunds: 7_200n }
    const { id } = await w.payouts.create({ ...order, deliverBy: NOW + HOUR_MS })
    const ended = await w.payouts.wait(id, WAIT)
    expect(ended).toMatchObject({ status: 'failed', failure: { code: 'no_rail', reasons: [{ reason: 'too_late' }] } })
    expect(ended.failure!.reasons[0]!.detail).toContain(new Date(NOW + 7_200_000).toISOString())
    expect([w.rails.evm.heard.length, posted(w.books, PAYEE, USDC)]).toEqual([0, START.usdc])
    w.rails.lightning.terms = { secondsToFunds: 7n }
    const quote = await w.payouts.quote({ source: PAYEE, amount: order.amount, destinations: [to.evm, to.node] })
    expect(quote).toMatchObject({ kind: 'possible', secondsMin: 7n })
    w.rails.lightning.estimates = 'refuse'
    const slow = await w.payouts.quote({ source: PAYEE, amount: order.amount, destinations: [to.evm, to.node] })
    expect(slow).toMatchObject({ kind: 'possible', secondsMin: 7_200n })
  })
})

describe('a fee that was fixed', () => {
  test.each(['payer', 'payee'] as const)('is what its %s bears to the unit, whatever the rail takes', async (feeBearer) => {
    for (const taken of [10n, 700n, 2_000n]) {
      const w = await world()
      w.rails.lightning.fee = money(BTC, taken)
      const fixed = { ...order, destinations: [to.node], feeBearer, feeMax: 321n }
      const { id } = await w.payouts.create(fixed)
      expect(w.books.balance(PAYEE, USDC).debitsPending).toBe(10_321n)
      const settled = await w.payouts.wait(id, WAIT)
      expect(settled).toMatchObject({ status: 'settled', feeBearer, feeFixed: { amount: '0.000321' } })
      expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc - 10_321n)
      expect(w.books.balance('fee:charged', USDC).creditsPosted).toBe(321n)
      // What the rail took is the operator's, in full.
      expect(w.books.balance('fee:paid:lightning', BTC).debitsPosted).toBe(taken)
      await expectBalanced(w)
    }
  })

  test('is charged by a rail too that tells its fee later, and not at all when nothing is paid', async () => {
    const w = await world()
    const fixed = { ...order, feeBearer: 'payer' as const, feeMax: 50n }
    await w.payouts.wait((await w.payouts.create(fixed)).id, WAIT)
    expect([posted(w.books, PAYEE, USDC), w.books.balance('fee:charged', USDC).creditsPosted]).toEqual([START.usdc - 10_050n, 50n])
    w.rails.evm.manner = 'refuse'
    expect(await w.payouts.wait((await w.payouts.create(fixed)).id, WAIT)).toMatchObject({ status: 'failed' })
    expect([posted(w.books, PAYEE, USDC), w.books.balance('fee:charged', USDC).creditsPosted]).toEqual([START.usdc - 10_050n, 50n])
    await expectBalanced(w)
  })

  test('is quoted in the asset of the amount, rounded up', async () => {
    const w = await world()
    const quote = await w.payouts.quote({ source: PAYEE, amount: order.amount, destinations: [to.evm] })
    // 5e11 wei at 4,000 USD an ether.
    expect(quote).toMatchObject({ kind: 'possible', rail: 'evm:31337', fee: { units: 2_000n } })
    const least = await w.payouts.quote({ source: PAYEE, amount: order.amount, destinations: [to.node] })
    expect(least).toMatchObject({ kind: 'possible', fee: { units: 700n } })
  })
})
