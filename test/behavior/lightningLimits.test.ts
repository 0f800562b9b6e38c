import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Destination } from '../../gateway/ports/sender.ts'
import { until } from '../../world/lightning/until.ts'
import { type LightningBook, lightningBook } from './lightningBook.ts'
import { attemptAt, outcomeOf } from './lightningCalls.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from './lightningWorld.ts'

const DEADLINE_MS = 20_000
const FEE_MSAT_MAX = 5_000n
/** 60 of 100 of the 483 HTLCs that a channel carries in one direction (BOLT 2). */
const IN_FLIGHT_MAX = 289

let world: LightningWorld
let rail: LightningRail
let book: LightningBook

beforeAll(async () => {
  world = await startLightningWorld()
  rail = await world.openRail(world.dataDir, { dustExposureMsatMax: 200_000_000n })
  await openRouterChannel(world, rail)
  book = await lightningBook(rail)
})
afterAll(async () => {
  await book?.close()
  await world?.close()
})

const invoiceOf = (amountMsat: bigint) =>
  world.ask<{ invoice: string; paymentHash: string }>('/invoice', { amountMsat: String(amountMsat), description: 'payout' })
const holdOf = (amountMsat: bigint) => world.ask<{ invoice: string; paymentHash: string }>('/hold', { amountMsat: String(amountMsat) })

const isHeld = (paymentHash: string) =>
  until(60_000, 'the payee holds', async () => (await world.ask<{ state: string }>('/held', { paymentHash })).state === 'held')

const attempt = (invoice: string, amountMsat: bigint) => attemptAt({ kind: 'lightning_invoice', invoice }, amountMsat, FEE_MSAT_MAX)

async function pay(one: ReturnType<typeof attempt>): Promise<Outcome> {
  const outcome = await rail.send(one, { signal: AbortSignal.timeout(DEADLINE_MS) })
  book.paid(one, outcome)
  return outcome
}

describe('a quote', () => {
  test('gives fee, probability and what can leave, and moves nothing', async () => {
    const before = await rail.balances()
    const destination: Destination = { kind: 'lightning_node', nodeId: world.ready.customer.nodeId }
    const estimate = await rail.estimate({ amount: money(BTC, 250_000_000n), destination })
    expect(estimate).toMatchObject({ kind: 'possible', fee: money(BTC, 26_000n) })
    if (estimate.kind !== 'possible') throw new Error(estimate.detail)
    expect(estimate.successPpm).toBeGreaterThan(0n)
    expect(estimate.successPpm).toBeLessThanOrEqual(990_000n)
    expect(estimate.available.units).toBeLessThan(book.opening)
    const huge = await rail.estimate({ amount: money(BTC, 4_500_000_000n), destination })
    // The router's channel has some hundred million satoshi, so what is nearer to all of it is less likely there.
    expect(huge.kind === 'possible' && huge.successPpm).toBeLessThan(estimate.successPpm)
    expect((await rail.balances())[0]?.amount).toEqual(before[0]?.amount)
  })

  test('can be proved by a probe, which nobody can take', async () => {
    const destination: Destination = { kind: 'lightning_invoice', invoice: (await invoiceOf(60_000_000n)).invoice }
    expect(await rail.probe(destination, money(BTC, 60_000_000n))).toBe(1)
    await until(DEADLINE_MS, 'the probe ends', async () => (await rail.status()).probes.arrived === 1)
    expect((await rail.status()).probes).toEqual({ sent: 1, arrived: 1, failed: 0 })
    const places = await book.equal()
    expect(places.node).toBe(book.opening)
  })
})

describe('limits', () => {
  test('more payments than may be in flight are refused with the reason, and go through once there is room', async () => {
    // Too small for outputs, so that no commitment carries hundreds of signatures.
    const held = await Promise.all(Array.from({ length: IN_FLIGHT_MAX }, () => holdOf(1_000n)))
    const stop = new AbortController()
    const waiting = held.map(({ invoice }) => attempt(invoice, 1_000n))
    const sends: Promise<Outcome>[] = []
    for (let from = 0; from < IN_FLIGHT_MAX; from += 20) {
      const some = waiting.slice(from, from + 20)
      sends.push(...some.map((one) => rail.send(one, { signal: stop.signal })))
      await until(DEADLINE_MS, 'they are under way', async () => (await rail.status()).pendingPayments === BigInt(from + some.length))
    }
    const next = attempt((await invoiceOf(1_000n)).invoice, 1_000n)
    const refused = await pay(next)
    expect(refused).toEqual({ kind: 'failed', reason: 'rejected_by_rail', detail: '289 payments are in flight, which is the limit' })
    for (const { paymentHash } of held) await isHeld(paymentHash)
    stop.abort()
    expect(new Set((await Promise.all(sends)).map(({ kind }) => kind))).toEqual(new Set(['unknown']))
    await book.explained()
    await Promise.all(held.map(({ paymentHash }, i) => world.ask(i % 2 === 0 ? '/settle' : '/cancel', { paymentHash })))
    for (const [i, one] of waiting.entries()) {
      const outcome = await outcomeOf(rail, one.id)
      expect(outcome.kind).toBe(i % 2 === 0 ? 'settled' : 'failed')
      book.paid(one, outcome)
    }
    const { invoice } = await invoiceOf(1_000n)
    expect(await pay(attempt(invoice, 1_000n))).toMatchObject({ kind: 'settled' })
    await book.equal()
  }, 120_000)

  test('payments too small for an output are refused when a force close would lose too many', async () => {
    await rail.close()
    await book.close()
    rail = await world.openRail(world.dataDir, { dustExposureMsatMax: 5_000n })
    book = await lightningBook(rail)
    const held = await holdOf(4_000n)
    const waiting = attempt(held.invoice, 4_000n)
    const stop = new AbortController()
    const sending = rail.send(waiting, { signal: stop.signal })
    await until(DEADLINE_MS, 'it is under way', async () => (await rail.status()).pendingPayments === 1n)
    await isHeld(held.paymentHash)
    stop.abort()
    await sending
    const destination: Destination = { kind: 'lightning_invoice', invoice: (await invoiceOf(1_001n)).invoice }
    const why = /4000 msat are under way in payments too small .* 5000 msat is the limit/
    expect(await rail.estimate({ amount: money(BTC, 1_001n), destination })).toMatchObject({
      reason: 'rejected_by_rail',
      detail: expect.stringMatching(why),
    })
    const refused = await pay(attempt((await invoiceOf(1_001n)).invoice, 1_001n))
    expect(refused).toMatchObject({ kind: 'failed', reason: 'rejected_by_rail', detail: expect.stringMatching(why) })
    // What has an output of its own is not meant, nor what still fits.
    expect(await pay(attempt((await invoiceOf(546_000n)).invoice, 546_000n))).toMatchObject({ kind: 'settled' })
    expect(await pay(attempt((await invoiceOf(1_000n)).invoice, 1_000n))).toMatchObject({ kind: 'settled' })
    await world.ask('/cancel', { paymentHash: held.paymentHash })
    expect(await outcomeOf(rail, waiting.id)).toMatchObject({ kind: 'failed' })
    expect(await pay(attempt((await invoiceOf(1_001n)).invoice, 1_001n))).toMatchObject({ kind: 'settled' })
    await book.equal()
  })
})
