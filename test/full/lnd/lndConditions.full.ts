// Needs the program go: real LND and btcd are built once into the user's cache folder.
import { createHash, randomBytes } from 'node:crypto'
import {
  cancelHodlInvoice,
  createHodlInvoice,
  createInvoice,
  getChannel,
  getChannels,
  getInvoice,
  openChannel,
  payViaPaymentDetails,
  payViaPaymentRequest,
  settleHodlInvoice,
} from 'lightning'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LndRail } from '../../../adapters/lightning/lnd/rail.ts'
import { alarmsOf } from '../../../gateway/api/routes/lightningView.ts'
import { BTC } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import { until } from '../../../world/lightning/until.ts'
import { attemptAt, firstSettlements, offerOf, outcomeOf, restingBalance } from '../../behavior/lightningCalls.ts'
import { type LndWorld, payAs, startLndWorld } from './lndWorld.ts'
import { startNetwork } from './startNetwork.ts'

/** What Bob lets Alice have under way at once: all that BOLT 2 allows, as LND does by default. */
const SLOTS = 483
/** Of these the gateway's payments take so many, and another program of the node's owner the rest: the gateway has never more than 289 in flight. */
const OURS = 30
const HOUR_MS = 3_600_000
/** Clocks are compared to seconds, and a call takes a while. */
const CLOCK_TOLERANCE_MS = 15_000
const DEADLINE_MS = 40_000
/** All slots are filled by LND in half a minute, on a machine that does nothing else. */
const FULL_MS = 120_000

let world: LndWorld
beforeAll(async () => {
  world = await startLndWorld(await startNetwork())
}, 1_200_000)
afterAll(() => world?.close(), 60_000)

const asInvoice = (invoice: string) => ({ kind: 'lightning_invoice', invoice }) as const
const send = (rail: LndRail, attempt: ReturnType<typeof attemptAt>) => rail.send(attempt, { signal: AbortSignal.timeout(DEADLINE_MS) })
const secret = () => {
  const preimage = randomBytes(32)
  return { preimage: preimage.toString('hex'), hash: createHash('sha256').update(preimage).digest('hex') }
}

/** An invoice of Bob's that he does not settle by himself. */
async function heldByBob(amountMsat: bigint) {
  const { preimage, hash } = secret()
  const { lnd } = world.network.bob
  const { request } = await createHodlInvoice({ lnd, id: hash, mtokens: amountMsat.toString(), description: 'held' })
  const arrived = () => until(DEADLINE_MS, 'Bob holds it', async () => (await getInvoice({ lnd, id: hash })).is_held === true)
  return { preimage, hash, invoice: request, arrived }
}

test('a payment that finds every HTLC slot taken fails for want of liquidity, and goes through when there is room', async () => {
  const rail = world.rail()
  const before = await restingBalance(rail)
  const { lnd } = world.network.bob
  const others = await Promise.all(Array.from({ length: SLOTS - OURS }, () => heldByBob(1_000n)))
  const paying = others.map(({ invoice: request }) =>
    payViaPaymentRequest({ lnd: world.network.alice.lnd, request, max_fee_mtokens: '1000', max_paths: 1 }).catch(() => 'canceled'),
  )
  const held = await Promise.all(Array.from({ length: OURS }, () => heldByBob(1_000n)))
  const stop = new AbortController()
  const waiting = held.map(({ invoice }) => attemptAt(asInvoice(invoice), 1_000n, 1_000n))
  const sends = waiting.map((one) => rail.send(one, { signal: stop.signal }))
  for (const { arrived } of held) await arrived()
  await until(FULL_MS, 'every slot is taken', async () => (await rail.report()).channels[0]?.slotsUsed === SLOTS)
  const report = await rail.report()
  expect(report.channels).toMatchObject([{ slotsUsed: SLOTS, slotsMax: SLOTS }])
  const alarms = alarmsOf(report, { arrivals: { msat: 0n, count: 0, overMs: 1n }, now: Date.now() })
  expect(alarms).toContain(`${SLOTS} of ${SLOTS} HTLC slots are taken`)

  const { invoice } = await world.customer.invoice(5_000n)
  const refused = await send(rail, attemptAt(asInvoice(invoice), 5_000n, 2_000n))
  expect(refused).toMatchObject({ kind: 'failed', reason: 'insufficient_liquidity' })
  stop.abort()
  expect(new Set((await Promise.all(sends)).map(({ kind }) => kind))).toEqual(new Set(['unknown']))

  for (const [i, { preimage, hash }] of held.entries())
    await (i % 2 === 0 ? settleHodlInvoice({ lnd, secret: preimage }) : cancelHodlInvoice({ lnd, id: hash }))
  const ends = await Promise.all(waiting.map(({ id }) => outcomeOf(rail, id)))
  expect(ends.map(({ kind }) => kind)).toEqual(held.map((_, i) => (i % 2 === 0 ? 'settled' : 'failed')))
  // The same invoice: what failed for want of a slot can be tried again, while the other program's payments wait still.
  const settled = await send(rail, attemptAt(asInvoice(invoice), 5_000n, 2_000n))
  expect(settled).toMatchObject({ kind: 'settled', fee: money(BTC, 1_000n) })
  for (const { hash } of others) await cancelHodlInvoice({ lnd, id: hash })
  expect(new Set(await Promise.all(paying))).toEqual(new Set(['canceled']))
  expect(await restingBalance(rail)).toBe(before - BigInt(OURS / 2) * 1_000n - 6_000n)
}, 300_000)

test('a keysend is reported with what its payer sent along, and not with what the protocol needs', async () => {
  const { preimage, hash } = secret()
  const podcast = Buffer.from(JSON.stringify({ podcast: 'a show' })).toString('hex')
  const messages = [
    { type: '5482373484', value: preimage },
    { type: '7629169', value: podcast },
    { type: '696969', value: '616c696365' },
  ]
  const paying = { lnd: world.network.carol.lnd, id: hash, destination: world.rail().nodeId, mtokens: '47000', messages }
  await payViaPaymentDetails({ ...paying, max_fee_mtokens: '10000', max_paths: 1 })
  const told = await reported(world.rail(), hash)
  const records = [
    { type: '696969', value: '616c696365' },
    { type: '7629169', value: podcast },
  ]
  expect(told).toMatchObject({ amount: money(BTC, 47_000n), proof: preimage, records })
  // Kept over a restart of the gateway, and none where nothing was sent along.
  await world.reopen()
  expect(await reported(world.rail(), hash)).toEqual(told)
  const { terms, invoice } = await offerOf(world.rail(), 2_000n)
  await world.customer.pay(invoice)
  expect(await reported(world.rail(), terms.reference)).not.toHaveProperty('records')
}, 90_000)

async function reported(rail: LndRail, id: string) {
  for await (const settlement of rail.settlements('', { signal: AbortSignal.timeout(DEADLINE_MS) })) {
    if (settlement.id === id) return settlement
  }
  throw new Error(`${id} was not reported`)
}

describe.each([
  ['an hour ahead of LND’s', HOUR_MS],
  ['an hour behind LND’s', -HOUR_MS],
])('a gateway whose clock is %s', (_, aheadMs) => {
  const clock = { now: () => Date.now() + aheadMs }
  let rail: LndRail
  beforeAll(async () => {
    rail = await world.openOn(world.network.alice, { clock })
  }, DEADLINE_MS)
  afterAll(() => rail?.close())

  const request = (lifeMs: number) =>
    ({ amount: money(BTC, 3_000n), ref: '0x01', expiresAt: clock.now() + lifeMs, description: 'x' }) as const
  const isNow = (at: number) => expect(Math.abs(at - clock.now())).toBeLessThan(CLOCK_TOLERANCE_MS)

  test('makes invoices that are good for as long as was asked, and calls a payment in time what was in time', async () => {
    const terms = await rail.offer(request(600_000))
    if (terms.wire.kind !== 'bolt11') throw new Error('a Lightning offer is an invoice')
    const { created_at, expires_at } = await getInvoice({ lnd: world.network.alice.lnd, id: terms.reference })
    expect(Math.abs(Date.parse(expires_at) - Date.parse(created_at) - 600_000)).toBeLessThan(CLOCK_TOLERANCE_MS)
    const [told] = await Promise.all([firstSettlements(rail, '', 1), payAs(world.network.carol, terms.wire.invoice)])
    expect(told[0]).toMatchObject({ id: terms.reference })
    isNow(told[0]!.at)
    expect(told[0]!.at).toBeLessThan(terms.expiresAt)
  }, 60_000)

  test('holds a payment, and has time left to decide by its own clock', async () => {
    const { preimage, hash } = secret()
    const wanted = { hash, amount: money(BTC, 41_000n), expiresAt: clock.now() + 600_000, holdableMs: 600_000, description: 'held' }
    const { invoice } = await rail.holds.hold(wanted)
    const paid = payAs(world.network.carol, invoice)
    let state = await rail.holds.lookup(hash)
    await until(DEADLINE_MS, 'it is held', async () => {
      state = await rail.holds.lookup(hash)
      return state.kind === 'held'
    })
    if (state.kind !== 'held') throw new Error(state.kind)
    expect(state.decideBy).toBeGreaterThan(clock.now() + 600_000 - CLOCK_TOLERANCE_MS)
    isNow(state.heldAt)
    const settled = await rail.holds.settle(hash, preimage)
    expect(settled).toMatchObject({ kind: 'settled', amount: money(BTC, 41_000n) })
    if (settled.kind === 'settled') isNow(settled.at)
    await paid
  }, 60_000)

  test('pays what can be paid, and what it takes for expired is never sent', async () => {
    const before = await restingBalance(rail)
    const long = await createInvoice({
      lnd: world.network.carol.lnd,
      mtokens: '2000',
      expires_at: new Date(Date.now() + 3 * HOUR_MS).toISOString(),
    })
    expect(await send(rail, attemptAt(asInvoice(long.request), 2_000n, 2_000n))).toMatchObject({ kind: 'settled' })
    const brief = await createInvoice({
      lnd: world.network.carol.lnd,
      mtokens: '2000',
      expires_at: new Date(Date.now() + 600_000).toISOString(),
    })
    const outcome = await send(rail, attemptAt(asInvoice(brief.request), 2_000n, 2_000n))
    // Behind, it pays: LND judges it by its own clock. Ahead, it refuses what LND would have paid, which costs nothing.
    expect(outcome).toMatchObject(aheadMs < 0 ? { kind: 'settled' } : { kind: 'failed', reason: 'invalid_destination' })
    expect((await getInvoice({ lnd: world.network.carol.lnd, id: brief.id })).is_confirmed).toBe(aheadMs < 0)
    expect(await restingBalance(rail)).toBe(before - (aheadMs < 0 ? 6_000n : 3_000n))
  }, 60_000)

  test('hears from LND that an invoice has expired which it takes for good', async () => {
    const expiresAt = Date.now() + 1_500
    const { request: invoice } = await createInvoice({
      lnd: world.network.carol.lnd,
      mtokens: '2000',
      expires_at: new Date(expiresAt).toISOString(),
    })
    // LND counts whole seconds from when it makes the invoice.
    await until(DEADLINE_MS, 'it has expired', () => Date.now() > expiresAt + 2_000)
    const before = await restingBalance(rail)
    expect(await send(rail, attemptAt(asInvoice(invoice), 2_000n, 2_000n))).toMatchObject({ kind: 'failed' })
    expect(await restingBalance(rail)).toBe(before)
  }, 60_000)
})

// Last, because it adds a channel.
test('a payment is settled while the block of its channel’s funding is replaced, and its books go on', async () => {
  const { alice, bob, btcd, mine } = world.network
  const opening = { lnd: alice.lnd, partner_public_key: bob.nodeId, local_tokens: 2_000_000, give_tokens: 500_000 }
  const { transaction_id } = await openChannel({ ...opening, chain_fee_tokens_per_vbyte: 5 })
  await mine(1)
  const funded = async () => (await getChannels({ lnd: alice.lnd })).channels.find((channel) => channel.transaction_id === transaction_id)
  await until(DEADLINE_MS, 'the channel is up', async () => (await funded())?.is_active === true)
  const { id } = (await funded())!
  const inGraph = () =>
    getChannel({ lnd: alice.lnd, id }).then(
      () => true,
      () => false,
    )
  // Up is said before payments find it.
  await until(DEADLINE_MS, 'Alice knows the channel for one to pay by', inGraph)
  const rail = await world.openOn(alice, { outgoingChannels: [id] })
  const before = await restingBalance(rail)

  const held = await heldByBob(21_000n)
  const one = attemptAt(asInvoice(held.invoice), 21_000n, 1_000n)
  const sending = send(rail, one)
  await held.arrived()
  await btcd.rpc('invalidateblock', await btcd.rpc<string>('getbestblockhash'))
  expect(await btcd.rpc<string[]>('getrawmempool')).toContain(transaction_id)
  expect(await rail.lookup(one.id)).toMatchObject({ kind: 'unknown' })
  await settleHodlInvoice({ lnd: bob.lnd, secret: held.preimage })
  const outcome = await sending
  expect(outcome).toMatchObject({ kind: 'settled', evidence: { proof: held.preimage } })

  await mine(2)
  expect(await btcd.rpc<string[]>('getrawmempool')).not.toContain(transaction_id)
  await until(DEADLINE_MS, 'the channel is up on the new branch', async () => (await funded())?.is_active === true)
  expect(await rail.lookup(one.id)).toEqual(outcome)
  // LND 0.21.2 has taken the channel out of its graph with the block and finds no route over it, for good. Whatever it says, it is one word and the truth.
  const next = await createInvoice({ lnd: bob.lnd, mtokens: '9000' })
  const { kind } = await send(rail, attemptAt(asInvoice(next.request), 9_000n, 1_000n))
  expect(['settled', 'failed']).toContain(kind)
  expect((await getInvoice({ lnd: bob.lnd, id: next.id })).is_confirmed).toBe(kind === 'settled')
  expect(await restingBalance(rail)).toBe(before - 21_000n - (kind === 'settled' ? 9_000n : 0n))
  const other = await createInvoice({ lnd: bob.lnd, mtokens: '11000' })
  expect(await send(world.rail(), attemptAt(asInvoice(other.request), 11_000n, 1_000n))).toMatchObject({ kind: 'settled' })
  await rail.close()
}, 120_000)
