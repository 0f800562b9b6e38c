import { expect, onTestFinished, test } from 'vitest'
import { boot, expectBalanced, makeRails, PAYEE, to, USDC } from '../../../test/payout/payoutWorld.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { BTC, ETH } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Estimate } from '../../ports/sender.ts'
import type { CreatePayout } from '../payoutState/createPayoutCommand.ts'

const NOW = 1_800_000_000_000
const HOUR_MS = 3_600_000
const BY = NOW + 24 * HOUR_MS
const WAIT = { timeoutMs: 20_000 }
const order: CreatePayout = { source: PAYEE, amount: money(USDC, 100_000n), destinations: [to.evm], reference: '', createdBy: 'test' }
const cheap: CreatePayout = { ...order, deliverBy: BY, cheapest: true }

/** A chain whose gas costs so many cents, in a world whose hours a test tells; `looks` counts how often it was asked. */
function chain() {
  const rails = makeRails()
  const said = { cents: 100n, looks: 0, hour: 0 }
  const listeners = new Set<() => void>()
  const clock = {
    now: () => NOW + said.hour * HOUR_MS,
    onMoved(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  rails.evm.estimate = async (): Promise<Estimate> => {
    said.looks++
    // 4,000 dollars an ether.
    const fee = money(ETH, said.cents * 2_500_000_000_000n)
    const terms = { failureFee: money(ETH, 0n), successPpm: 999_000n, secondsToFunds: 900n, secondsToFail: 1n }
    return { kind: 'possible', fee, feeMax: fee, gas: { now: fee, high: fee }, available: money(USDC, 1_000_000_000n), ...terms }
  }
  const journal = memoryJournal()
  async function open() {
    const w = await boot({ rails, journal, clock })
    onTestFinished(() => w.payouts.close())
    return w
  }
  /** It is so late, gas costs so much, and who waits has looked, or not any more. */
  async function at(hour: number, cents: bigint): Promise<void> {
    const { looks } = said
    Object.assign(said, { hour, cents })
    const told = () => {
      for (const listener of listeners) listener()
      return said.looks
    }
    await expect.poll(told, { timeout: 20_000 }).toBeGreaterThan(looks)
  }
  return { rails, said, open, at }
}

test('a payout that may wait goes when gas is as cheap as it was while it looked, also after a restart, and its decision says so', async () => {
  const c = chain()
  const first = await c.open()
  const { id, status } = await first.payouts.create(cheap)
  expect(status).toBe('scheduled')
  await expect.poll(() => c.said.looks).toBe(1)
  await c.at(3, 60n)
  await c.at(6, 80n)
  await first.payouts.close()
  const w = await c.open()
  await w.payouts.resume()
  // The time of looking is over after nine hours of 24; a little above the lowest will not do yet.
  await c.at(10, 70n)
  expect([w.payouts.get(id).status, c.rails.evm.heard.length]).toEqual(['scheduled', 0])
  await c.at(12, 55n)
  const { decisionId, ...paid } = await w.payouts.wait(id, WAIT)
  expect(paid).toMatchObject({ status: 'settled', cheapestBy: new Date(BY).toISOString() })
  const { timing } = w.payouts.decision(decisionId!)
  expect(timing).toMatchObject({ reason: 'low_enough' })
  expect([timing!.costUsd.slice(0, 4), timing!.lowestUsd!.slice(0, 4)]).toEqual(['0.55', '0.60'])
  expect(c.rails.evm.paid.length).toBe(1)
  await expectBalanced(w)
})

test('one for which it never was cheap again goes at its last time, so that its payee has the money by then', async () => {
  const c = chain()
  c.said.cents = 30n
  const w = await c.open()
  const { id } = await w.payouts.create(cheap)
  await expect.poll(() => c.said.looks).toBe(1)
  // 400 cents are more than the operator lets a payment cost: it fails no payout that has time.
  for (const [hour, cents] of [
    [6, 100n],
    [12, 400n],
    [18, 100n],
  ] as const)
    await c.at(hour, cents)
  expect(w.payouts.get(id)).toMatchObject({ status: 'scheduled', attempts: [] })
  await c.at(23.5, 100n)
  const { decisionId, status } = await w.payouts.wait(id, WAIT)
  expect([status, w.payouts.decision(decisionId!).timing?.reason]).toEqual(['settled', 'last_time'])
})

test.each([
  ['waits for it', 1n, 'evm:31337'],
  ['goes by another way when it has looked long enough', 400n, 'lightning'],
])('one whose chain is shut for now %s', async (_, cents, rail) => {
  const c = chain()
  c.rails.lightning.terms = { fee: money(BTC, 15_000n), feeMax: money(BTC, 16_000n) }
  // 400 cents are more than the operator lets a payment cost, and the chain will not stay so dear.
  c.said.cents = 400n
  const w = await c.open()
  const { id } = await w.payouts.create({ ...cheap, destinations: [to.node, to.evm] })
  await c.at(3, 400n)
  expect(w.payouts.get(id)).toMatchObject({ status: 'scheduled', attempts: [] })
  await c.at(10, cents)
  const { decisionId, ...paid } = await w.payouts.wait(id, WAIT)
  expect([paid.status, paid.rail, w.payouts.decision(decisionId!).timing?.reason]).toEqual(['settled', rail, 'low_enough'])
  await expectBalanced(w)
})

test('one that no chain can pay cheaper goes at once, and one that waits is canceled with its money back', async () => {
  const c = chain()
  const w = await c.open()
  const { id } = await w.payouts.create({ ...cheap, destinations: [to.node] })
  const { decisionId } = await w.payouts.wait(id, WAIT)
  expect(w.payouts.decision(decisionId!).timing).toMatchObject({ reason: 'nothing_can_be_cheaper' })
  const waiting = await w.payouts.create(cheap)
  await expect.poll(() => c.said.looks).toBe(1)
  await w.payouts.cancel(waiting.id, { by: 'test', along: () => ({ claims: [], facts: [] }) })
  expect(await w.payouts.wait(waiting.id, WAIT)).toMatchObject({ status: 'failed', failure: { code: 'canceled' } })
  await expectBalanced(w)
})
