import { afterEach, expect, test } from 'vitest'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { AttemptId } from '../../gateway/ports/ids.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import { until } from '../../world/lightning/until.ts'
import { type LightningBook, lightningBook } from '../behavior/lightningBook.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from '../behavior/lightningWorld.ts'

// Needs nothing from outside npm, only time: a day's payments, over two hops both ways, in at most five minutes.
const PAYMENTS = 20_000
/** The world's nodes are in one process that nobody replaces, which grows by 100 kB a payment and dies at 1 GB; after so many there is a new world. */
const PAYMENTS_A_WORLD = 6_000
const IN_FLIGHT = 30
const TIME_MS_MAX = 300_000
/** So low that the process is replaced several times on the way. */
const EXTERNAL_BYTES_MAX = 160 << 20
/** What a process may grow by between two looks at its memory and while it waits for payments under way. */
const GROWTH_BYTES_MAX = 64 << 20
const PROGRESS_MS = 5_000

let world: LightningWorld
let rail: LightningRail
let book: LightningBook
afterEach(close)

async function open(): Promise<void> {
  world = await startLightningWorld()
  rail = await world.openRail(world.dataDir, { externalBytesMax: EXTERNAL_BYTES_MAX })
  await openRouterChannel(world, rail)
  book = await lightningBook(rail)
}

async function close(): Promise<void> {
  await book?.close()
  await world?.close()
}

/** All that has been, over all worlds. */
const began = performance.now()
const ends = new Map<string, number>()
let begun = 0
let recycles = 0
let externalBytes = 0
const seconds = () => (performance.now() - began) / 1_000
const isOver = () => begun >= PAYMENTS || seconds() * 1_000 >= TIME_MS_MAX

test('a day of payments at thirty in flight leaves books equal to the channels, and memory where it was', async () => {
  while (!isOver()) {
    await open()
    await payInThisWorld()
    await close()
  }
  process.stderr.write(`soak: ${begun} of ${PAYMENTS} payments in ${seconds().toFixed(0)} s, ${(begun / seconds()).toFixed(1)} a second\n`)
  expect(recycles).toBeGreaterThan(0)
  expect(externalBytes).toBeLessThan(EXTERNAL_BYTES_MAX + GROWTH_BYTES_MAX)
  // A payment may find no route while a channel comes back; that is said, and rare.
  const settled = (ends.get('paid') ?? 0) + (ends.get('received') ?? 0)
  expect(settled).toBeGreaterThanOrEqual(begun - begun / 100)
  expect([...ends.keys()].filter((end) => !['paid', 'received', 'no_route'].includes(end))).toEqual([])
}, 420_000)

/** Pays until this world has had enough, and leaves its books equal to its channels. */
async function payInThisWorld(): Promise<void> {
  const last = begun + PAYMENTS_A_WORLD
  const lane = async (_: unknown, n: number) => {
    while (!isOver() && begun < last) {
      const nth = ++begun
      const end = n % 3 === 2 ? await receiveOne(nth) : await payOne(nth)
      ends.set(end, (ends.get(end) ?? 0) + 1)
    }
  }
  const progress = setInterval(showProgress, PROGRESS_MS)
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane)).finally(() => clearInterval(progress))
  await book.equal()
  const status = await rail.status()
  expect(status.pendingPayments).toBe(0n)
  expect([status.closed, status.restarts]).toEqual([0n, 0])
  recycles += status.recycles
}

async function showProgress(): Promise<void> {
  const status = await rail.status().catch(() => undefined)
  if (status) externalBytes = Math.max(externalBytes, status.externalBytes)
  const done = [...ends].map(([end, count]) => `${count} ${end}`).join(', ')
  const memory = status
    ? `${status.externalBytes >> 20} MB, ${status.recycles} replaced, ${status.cpuMs.toFixed(0)} ms CPU`
    : 'between two processes'
  process.stderr.write(`soak: ${seconds().toFixed(0)} s, ${done}; ${memory}\n`)
}

async function payOne(nth: number): Promise<string> {
  const amount = 1_000n + BigInt(nth % 2_000)
  const { invoice } = await world.ask<{ invoice: string }>('/invoice', { amountMsat: String(amount), description: 'soak' })
  const id: AttemptId = `at_soak_${nth}`
  const destination = { kind: 'lightning_invoice', invoice } as const
  const attempt = { id, amount: money(BTC, amount), feeMax: money(BTC, 5_000n), destination, reference: id }
  let outcome: Outcome = await rail.send(attempt, { signal: AbortSignal.timeout(30_000) })
  await until(60_000, `${id} ends`, async () => {
    if (outcome.kind === 'unknown') outcome = await rail.lookup(id)
    return outcome.kind !== 'unknown'
  })
  book.paid(attempt, outcome)
  return outcome.kind === 'failed' ? outcome.reason : 'paid'
}

async function receiveOne(nth: number): Promise<string> {
  const request = {
    amount: money(BTC, 2_000n + BigInt(nth % 1_000)),
    ref: '0x01',
    expiresAt: Date.now() + 600_000,
    description: 'soak',
  } as const
  try {
    const { wire } = await rail.offer(request)
    if (wire.kind !== 'bolt11') throw new Error('a Lightning offer is an invoice')
    await world.ask('/pay', { invoice: wire.invoice })
    return 'received'
  } catch (error) {
    if (isGatewayError(error, 'rail_unavailable')) return 'rail_unavailable'
    // The customer's node says so while ours is being replaced; nothing moved.
    if (error instanceof Error && error.message.includes('no_route')) return 'no_route'
    throw error
  }
}
