import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { AttemptId } from '../../gateway/ports/ids.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Destination } from '../../gateway/ports/sender.ts'
import { until } from '../../world/lightning/until.ts'
import { type LightningBook, lightningBook } from './lightningBook.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from './lightningWorld.ts'

const DEADLINE_MS = 20_000
/** LDK's delay for its own outputs after a force close (BOLT 2, to_self_delay), and the depth at which it takes a transaction for final. */
const DELAY_BLOCKS = 144
const FINAL_BLOCKS = 6

let world: LightningWorld
let rail: LightningRail
let book: LightningBook
let lastAttempt = 0

beforeAll(async () => {
  world = await startLightningWorld()
})
afterAll(() => world?.close())
let nodes = 0
beforeEach(async () => {
  // A node of its own for each test: its channel does not survive.
  rail = await world.openRail(`${world.dataDir}-${++nodes}`)
  await openRouterChannel(world, rail)
  book = await lightningBook(rail)
})
afterEach(async () => {
  await book?.close()
  await rail?.close()
})

type Invoice = { invoice: string; paymentHash: string }
const status = () => rail.status()
const channelId = async () => (await status()).channels[0]!.id
const closed = () => until(DEADLINE_MS, 'the channel is closed', async () => (await status()).channels.length === 0)

/** Mines each batch when the node has seen the one before: what a batch makes it send is in the next. */
async function mine(...batches: readonly number[]): Promise<void> {
  for (const blocks of batches) {
    const { height } = await world.mine(blocks)
    await until(DEADLINE_MS, 'the node has the blocks', async () => (await status()).height >= height)
  }
}
/** Everything that waits for a close to be final, a sweep, and for it to be final. */
const home = () => mine(FINAL_BLOCKS, 1, FINAL_BLOCKS)

const invoiceOf = (amountMsat: bigint) => world.ask<Invoice>('/invoice', { amountMsat: String(amountMsat), description: 'payout' })
const holdOf = (amountMsat: bigint) => world.ask<Invoice>('/hold', { amountMsat: String(amountMsat) })
const isHeld = (paymentHash: string) =>
  until(DEADLINE_MS, 'the payee holds', async () => (await world.ask<{ state: string }>('/held', { paymentHash })).state === 'held')

function attemptAt(invoice: string, amountMsat: bigint) {
  const id: AttemptId = `at_closing_${++lastAttempt}`
  const destination: Destination = { kind: 'lightning_invoice', invoice }
  return { id, amount: money(BTC, amountMsat), feeMax: money(BTC, 10_000n), destination, reference: id }
}

async function pay(amountMsat: bigint): Promise<void> {
  const attempt = attemptAt((await invoiceOf(amountMsat)).invoice, amountMsat)
  const outcome = await rail.send(attempt, { signal: AbortSignal.timeout(DEADLINE_MS) })
  expect(outcome).toMatchObject({ kind: 'settled' })
  book.paid(attempt, outcome)
  await noHtlc()
}

/** An HTLC that is still being removed would run out in a batch of blocks, and its channel be closed for it. */
const noHtlc = () => until(DEADLINE_MS, 'no HTLC is left', async () => (await world.ask<{ htlcs: number }>('/status')).htlcs === 0)

/** Sends without waiting for an end; it is looked up later. */
async function payUnended(invoice: string, amountMsat: bigint) {
  const attempt = attemptAt(invoice, amountMsat)
  const stop = new AbortController()
  const sending = rail.send(attempt, { signal: stop.signal })
  return {
    attempt,
    leave: async () => {
      stop.abort()
      return sending
    },
    end: async (): Promise<Outcome> => {
      let outcome = await rail.lookup(attempt.id)
      await until(DEADLINE_MS, 'the payment ends', async () => {
        outcome = await rail.lookup(attempt.id)
        return outcome.kind !== 'unknown'
      })
      book.paid(attempt, outcome)
      return outcome
    },
  }
}

describe('a channel that is closed', () => {
  test('by force by us comes to the wallet after its delay, and the books follow to the msat', async () => {
    await pay(1_234_567n)
    await rail.closeChannel(await channelId(), { force: true })
    await closed()
    await book.explained()
    await mine(1)
    // What our own commitment pays us is locked; nothing may be in the wallet early.
    await mine(DELAY_BLOCKS - 2)
    expect((await book.explained()).wallet).toBeUndefined()
    await mine(2)
    await home()
    const places = await book.equal()
    expect(places.node).toBe(0n)
    expect(places.closing).toBe(0n)
    expect(places.wallet).toBe(book.opening - 1_235_690n - book.spentMsat())
    expect(book.spentMsat()).toBeGreaterThan(0n)
    expect(book.spentMsat()).toBeLessThan(1_000_000n)
    expect((await status()).closings).toBe(0n)
  })

  test('together comes to the wallet without a delay', async () => {
    await pay(1_000n)
    await rail.closeChannel(await channelId(), { force: false })
    await closed()
    await home()
    const places = await book.equal()
    expect([places.node, places.closing]).toEqual([0n, 0n])
    expect(places.wallet).toBe(book.opening - 2_000n - book.spentMsat())
  })

  test('by force by the peer comes to the wallet without a delay of ours', async () => {
    await world.ask('/close', { nodeId: rail.nodeId, force: true })
    await closed()
    await home()
    const places = await book.equal()
    expect(places.wallet).toBe(book.opening - book.spentMsat())
  })

  test('leaves the way for the next one, whose money is not confused with its own', async () => {
    await rail.closeChannel(await channelId(), { force: true })
    await closed()
    await mine(1)
    await world.ask('/channel', { nodeId: rail.nodeId, capacitySat: '3000000', pushSat: '700000' })
    await until(DEADLINE_MS, 'the second channel is usable', async () => (await status()).channels.some(({ usable }) => usable))
    await book.receive(world, rail, 2_000_000n)
    await noHtlc()
    await mine(DELAY_BLOCKS)
    await home()
    const places = await book.equal()
    expect(book.seen.filter(({ kind }) => kind === 'funded').map(({ amount }) => amount.units)).toEqual([700_000_000n])
    expect(places.node).toBe(702_000_000n)
    expect(places.wallet).toBe(book.opening - book.spentMsat())
  })

  test('is swept also when the node dies after each step', async () => {
    await rail.closeChannel(await channelId(), { force: true })
    for (const blocks of [1, DELAY_BLOCKS, 1, FINAL_BLOCKS]) {
      const { height } = await world.mine(blocks)
      process.kill(rail.processId()!, 'SIGKILL')
      await until(
        DEADLINE_MS,
        'the node is back and at the tip',
        async () => (await status().catch(() => ({ height: 0 }))).height >= height,
      )
    }
    await home()
    const places = await book.equal()
    expect(places.wallet).toBe(book.opening - book.spentMsat())
  })
})

describe('a payment in a channel that is closed meanwhile', () => {
  const amount = 3_000_000n

  test('is settled when the payee takes it after the close, and is not paid twice', async () => {
    const { invoice, paymentHash } = await holdOf(amount)
    const payment = await payUnended(invoice, amount)
    await isHeld(paymentHash)
    await payment.leave()
    await rail.closeChannel(await channelId(), { force: true })
    await closed()
    await mine(1)
    await world.ask('/settle', { paymentHash })
    await noHtlc()
    await mine(FINAL_BLOCKS, 1, FINAL_BLOCKS, DELAY_BLOCKS)
    await home()
    const outcome = await payment.end()
    expect(outcome).toMatchObject({ kind: 'settled', evidence: { id: paymentHash } })
    const places = await book.equal()
    expect([places.node, places.closing]).toEqual([0n, 0n])
    expect(places.wallet).toBe(book.opening - amount - 1_300n - book.spentMsat())
  })

  // Last, because it costs the customer its channel too.
  test('goes back to us when the payee never takes it, less what the chain costs', async () => {
    const { invoice, paymentHash } = await holdOf(amount)
    const payment = await payUnended(invoice, amount)
    await isHeld(paymentHash)
    expect(await payment.leave()).toMatchObject({ kind: 'unknown' })
    await rail.closeChannel(await channelId(), { force: true })
    await closed()
    await mine(1)
    expect(await rail.lookup(payment.attempt.id)).toMatchObject({ kind: 'unknown' })
    await book.explained()
    // The payment is in what the node tells of the closed channel, and must not count by the gateway's word too.
    const leaving = (await rail.balances()).map(({ place, inFlight }) => [place, inFlight.find(({ what }) => what.startsWith('of closed'))])
    expect(leaving).toMatchObject([
      ['node', { payments: [payment.attempt.id] }],
      ['closing', { payments: [payment.attempt.id] }],
    ])
    await mine(DELAY_BLOCKS, DELAY_BLOCKS, 30)
    await mine(DELAY_BLOCKS)
    await home()
    expect(await payment.end()).toMatchObject({ kind: 'failed' })
    const places = await book.equal()
    expect([places.node, places.closing]).toEqual([0n, 0n])
    expect(places.wallet).toBe(book.opening - book.spentMsat())
  })
})
