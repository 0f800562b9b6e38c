import { afterAll, beforeAll, expect, test } from 'vitest'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { until } from '../../world/lightning/until.ts'
import { type LightningPayouts, startLightningPayouts } from './lightningPayouts.ts'

const DEADLINE_MS = 60_000
/** 100,000 USD a bitcoin: one satoshi is a tenth of a cent. */
const CENT_MSAT = 10_000n
const DEAR_MSAT = 15_000_000
const PARTY = 'pa_00000000000000000000000000000001'

let all: LightningPayouts
beforeAll(async () => {
  all = await startLightningPayouts([PARTY])
}, 240_000)
afterAll(() => all?.close(), 60_000)

async function lastHopCosts(baseMsat: number): Promise<void> {
  const { world, rail } = all
  await world.ask('/fees', { baseMsat })
  const destination = { kind: 'lightning_node', nodeId: world.ready.customer.nodeId } as const
  await until(DEADLINE_MS, 'we have heard what the router asks', async () => {
    const quote = await rail.estimate({ amount: money(BTC, CENT_MSAT), destination })
    return quote.kind === 'possible' && quote.fee.units >= BigInt(baseMsat) && quote.fee.units < BigInt(baseMsat) + 1_000n
  })
}

async function payACent() {
  const { world, payouts } = all
  const { invoice } = await world.ask<{ invoice: string }>('/invoice', { amountMsat: String(CENT_MSAT), description: 'a cent' })
  const order = { source: `party:${PARTY}`, amount: money(BTC, CENT_MSAT), destinations: [{ kind: 'lightning_invoice' as const, invoice }] }
  const { id } = await payouts.create({ ...order, reference: 'a cent', createdBy: 'test' })
  return payouts.wait(id, { timeoutMs: DEADLINE_MS })
}

const feesPaid = () => all.books.balance('fee:paid:lightning', BTC).debitsPosted

test('a router that is dearer than when the terms were given is paid by a second try, with a higher limit on its fee', async () => {
  await lastHopCosts(1_000)
  const destination = { kind: 'lightning_node', nodeId: all.world.ready.customer.nodeId } as const
  const before = await all.rail.estimate({ amount: money(BTC, CENT_MSAT), destination })
  await lastHopCosts(9_000)
  all.stale.push(before)
  const { status, attempts } = await payACent()
  expect({ status, attempts }).toMatchObject({
    status: 'settled',
    attempts: [
      { outcome: 'failed', reason: 'fee_above_limit', feeMax: { amount: '0.00000002501' }, again: { change: 'fee_limit' } },
      { outcome: 'settled', changed: ['fee_limit'], feeMax: { amount: '0.0000002' }, fee: { amount: '0.00000009001' } },
    ],
  })
}, 120_000)

test('a cent behind a dear last hop is not paid, and the operator bears no fee for it', async () => {
  await lastHopCosts(1_000)
  expect(await payACent()).toMatchObject({ status: 'settled', fee: { amount: '0.00000001001' } })
  const before = feesPaid()
  await lastHopCosts(DEAR_MSAT)
  const paid = await payACent()
  expect(feesPaid()).toBe(before)
  expect(paid).toMatchObject({ status: 'failed', failure: { code: 'no_rail', reasons: [{ reason: 'fee_above_budget' }] } })
  const [attempts, { debitsPending }] = [paid.attempts, all.books.balance(`party:${PARTY}`, BTC)]
  expect([attempts, debitsPending]).toEqual([[], 0n])
}, 180_000)
