import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { BTC, USD } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { createPayouts, type Payouts } from '../../gateway/payouts/payout/payouts.ts'
import { payoutPolicy } from '../../gateway/payouts/payout/policy.ts'
import type { Books } from '../../gateway/ports/books.ts'
import { until } from '../../world/lightning/until.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from '../behavior/lightningWorld.ts'
import { rates } from './payoutWorld.ts'

const DEADLINE_MS = 60_000
/** 100,000 USD a bitcoin: one satoshi is a tenth of a cent. */
const CENT_MSAT = 10_000n
const DEAR_MSAT = 15_000_000
const PARTY = 'party:pa_00000000000000000000000000000001'

/** Nodes that really route: we, the world's router, whose last hop is dear, and the customer behind it. */
let world: LightningWorld
let rail: LightningRail
let books: Books
let payouts: Payouts

beforeAll(async () => {
  world = await startLightningWorld()
  rail = await world.openRail()
  await openRouterChannel(world, rail)
  const clock = { now: () => Date.now() }
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  books = createBooks({ journal: memoryJournal(), clock })
  payouts = createPayouts({ books, senders: [rail], rates, clock, ids: uuidIds(clock), policy: payoutPolicy, usd: USD, log })
  await books.start()
  const funded = { kind: 'move', debit: 'rail:lightning:node', credit: PARTY, asset: BTC, units: 1_000_000_000n } as const
  await books.submit({ entry: { id: `en_${'1'.repeat(32)}`, payment: 'seed', legs: [funded] } })
}, 240_000)
afterAll(async () => {
  await payouts?.close()
  await books?.close()
  await world?.close()
}, 60_000)

async function lastHopCosts(baseMsat: number): Promise<void> {
  await world.ask('/fees', { baseMsat })
  const destination = { kind: 'lightning_node', nodeId: world.ready.customer.nodeId } as const
  await until(DEADLINE_MS, 'we have heard what the router asks', async () => {
    const quote = await rail.estimate({ amount: money(BTC, CENT_MSAT), destination })
    return quote.kind === 'possible' && quote.fee.units >= BigInt(baseMsat) && quote.fee.units < BigInt(baseMsat) + 1_000n
  })
}

async function payACent() {
  const { invoice } = await world.ask<{ invoice: string }>('/invoice', { amountMsat: String(CENT_MSAT), description: 'a cent' })
  const order = { source: PARTY, amount: money(BTC, CENT_MSAT), destinations: [{ kind: 'lightning_invoice' as const, invoice }] }
  const { id } = await payouts.create({ ...order, reference: 'a cent', createdBy: 'test' })
  return payouts.wait(id, { timeoutMs: DEADLINE_MS })
}

const feesPaid = () => books.balance('fee:paid:lightning', BTC).debitsPosted

test('a cent behind a dear last hop is not paid, and the operator bears no fee for it', async () => {
  await lastHopCosts(1_000)
  expect(await payACent()).toMatchObject({ status: 'settled', fee: { amount: '0.00000001001' } })
  const before = feesPaid()
  await lastHopCosts(DEAR_MSAT)
  const paid = await payACent()
  expect(feesPaid()).toBe(before)
  expect(paid).toMatchObject({ status: 'failed', failure: { code: 'no_rail', reasons: [{ reason: 'fee_above_budget' }] } })
  const [attempts, { debitsPending }] = [paid.attempts, books.balance(PARTY, BTC)]
  expect([attempts, debitsPending]).toEqual([[], 0n])
}, 180_000)
