import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { AttemptId } from '../../gateway/ports/ids.ts'
import { until } from '../../world/lightning/until.ts'
import { type LightningBook, lightningBook } from './lightningBook.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from './lightningWorld.ts'

const LANES = 6
const RECYCLES = 2
const DEADLINE_MS = 90_000

let world: LightningWorld
let rail: LightningRail
let book: LightningBook
beforeAll(async () => {
  world = await startLightningWorld()
  // Any memory is too much: the process is replaced whenever it has grown by what a process may always grow.
  rail = await world.openRail(world.dataDir, { externalBytesMax: 1 })
  await openRouterChannel(world, rail)
  book = await lightningBook(rail)
})
afterAll(async () => {
  await book?.close()
  await world?.close()
})

test('a node that is replaced for its memory loses no payment, tells every outcome, and counts', async () => {
  const pids = new Set<number>()
  const kinds = new Map<string, number>()
  let sequence = 0
  const done = async () => (await rail.status()).recycles >= RECYCLES
  const held = await world.ask<{ invoice: string; paymentHash: string }>('/hold', { amountMsat: '7000' })
  const waiting = attempt(held.invoice, 7_000n, 'at_waits')
  const first = rail.send(waiting, { signal: AbortSignal.timeout(DEADLINE_MS) })
  const lane = async () => {
    while (sequence < 4_000 && !(await done())) {
      const nth = ++sequence
      const amount = 1_000n + BigInt(nth)
      const { invoice } = await world.ask<{ invoice: string }>('/invoice', { amountMsat: String(amount), description: 'payout' })
      const one = attempt(invoice, amount, `at_${nth}`)
      const outcome = await rail.send(one, { signal: AbortSignal.timeout(20_000) })
      kinds.set(outcome.kind, (kinds.get(outcome.kind) ?? 0) + 1)
      book.paid(one, outcome)
      if (rail.processId()) pids.add(rail.processId()!)
      if (nth % 10 === 0) await book.receive(world, rail, 2_000n)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  // The payment that waited through every process ends when its payee takes it.
  await world.ask('/settle', { paymentHash: held.paymentHash })
  const outcome = await first.then((told) => (told.kind === 'unknown' ? lookedUp(waiting.id) : told))
  expect(outcome).toMatchObject({ kind: 'settled', evidence: { id: held.paymentHash } })
  book.paid(waiting, outcome)
  await book.equal()
  const status = await rail.status()
  expect(Object.fromEntries(kinds)).toEqual({ settled: sequence })
  expect(status.recycles).toBeGreaterThanOrEqual(RECYCLES)
  expect(status.restarts).toBe(0)
  expect(pids.size).toBeGreaterThanOrEqual(RECYCLES)
  expect(status.closed).toBe(0n)
}, 120_000)

function attempt(invoice: string, units: bigint, id: AttemptId) {
  const destination = { kind: 'lightning_invoice', invoice } as const
  return { id, amount: money(BTC, units), feeMax: money(BTC, 5_000n), destination, reference: id }
}

async function lookedUp(id: AttemptId) {
  let outcome = await rail.lookup(id)
  await until(DEADLINE_MS, `${id} ends`, async () => {
    outcome = await rail.lookup(id)
    return outcome.kind !== 'unknown'
  })
  return outcome
}
