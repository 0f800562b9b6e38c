import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { AttemptId } from '../../gateway/ports/ids.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { Settlement } from '../../gateway/ports/receiver.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from './lightningWorld.ts'

const KILLS = 10
const PAYERS = 3
const START_MSAT = 5_000_000_000n

let world: LightningWorld
let rail: LightningRail
beforeAll(async () => {
  world = await startLightningWorld()
  rail = await world.openRail()
  await openRouterChannel(world, rail)
})
afterAll(() => world?.close())

/** Runs `step` again and again in `PAYERS` lanes until `stopped`. */
async function traffic(stopped: () => boolean, step: () => Promise<void>): Promise<void> {
  const lane = async () => {
    while (!stopped()) await step()
  }
  await Promise.all(Array.from({ length: PAYERS }, lane))
}

async function whileDown<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isGatewayError(error, 'rail_unavailable')) throw error
      await sleep(20)
    }
  }
}

/** Kills the node's process at a random moment: mostly under traffic, each third time again while it starts. */
async function killAtRandom(kill: number): Promise<void> {
  if (kill % 3 !== 2) {
    await whileDown(() => rail.status())
    await sleep(100 + Math.random() * 500)
  } else await sleep(100 + Math.random() * 600)
  while (rail.processId() === undefined) await sleep(5)
  process.kill(rail.processId()!, 'SIGKILL')
}

async function settledOutcome(id: AttemptId): Promise<Outcome> {
  const deadline = performance.now() + 30_000
  for (;;) {
    const outcome = await rail.lookup(id)
    if (outcome.kind !== 'unknown') return outcome
    if (performance.now() > deadline) throw new Error(`${id} stays unknown: ${outcome.detail}`)
    await sleep(50)
  }
}

test('a node killed ten times under payments both ways keeps its channel, and every msat is accounted for', async () => {
  const channels = (await rail.status()).channels.map(({ id }) => id)
  const attempts = new Map<AttemptId, { amount: bigint; outcome: Outcome }>()
  const paidByCustomer = new Set<string>()
  const seen: Settlement[] = []
  const listening = new AbortController()
  const stream = (async () => {
    for await (const settlement of rail.settlements('', { signal: listening.signal })) {
      // Not the channel that was opened before, which is the opening balance.
      if (settlement.kind === 'received') seen.push(settlement)
    }
  })()
  let stopped = false
  let sequence = 0
  const outgoing = traffic(
    () => stopped,
    async () => {
      const id: AttemptId = `at_${++sequence}`
      const amount = 1_000n + BigInt(sequence)
      const destination = { kind: 'lightning_node', nodeId: world.ready.customer.nodeId } as const
      const attempt = { id, amount: money(BTC, amount), feeMax: money(BTC, 5_000n), destination, reference: id }
      const outcome = await rail.send(attempt, { signal: AbortSignal.timeout(10_000) })
      attempts.set(id, { amount, outcome })
      if (outcome.kind !== 'settled') await sleep(20)
    },
  )
  const incoming = traffic(
    () => stopped,
    async () => {
      const amount = money(BTC, 2_000n + BigInt(++sequence))
      const request = { amount, ref: '0x01', expiresAt: Date.now() + 600_000, description: 'article' } as const
      const terms = await whileDown(() => rail.offer(request))
      if (terms.wire.kind !== 'bolt11') throw new Error('a Lightning offer is an invoice')
      const paid = await world.ask('/pay', { invoice: terms.wire.invoice }).catch(() => undefined)
      if (paid) paidByCustomer.add(terms.reference)
    },
  )
  for (let kill = 0; kill < KILLS; kill++) await killAtRandom(kill)
  await whileDown(() => rail.status())
  // A slow machine pays little between two kills; traffic goes on until both ways have carried something.
  const enough = performance.now() + 30_000
  const settled = () => [...attempts.values()].filter(({ outcome }) => outcome.kind === 'settled').length
  while (Math.min(paidByCustomer.size, settled()) <= KILLS && performance.now() < enough) await sleep(50)
  stopped = true
  await Promise.all([outgoing, incoming])

  let sent = 0n
  for (const [id, { amount, outcome }] of attempts) {
    const final = await settledOutcome(id)
    // What was told once stays true.
    if (outcome.kind === 'settled') expect(final).toEqual(outcome)
    if (final.kind === 'settled') sent += amount + final.fee.units
  }
  let [balance] = await rail.balances()
  const deadline = performance.now() + 20_000
  while (balance!.inFlight.length > 0 && performance.now() < deadline) [balance] = await rail.balances()
  listening.abort()
  await stream

  const status = await rail.status()
  expect(status.channels.map(({ id }) => id)).toEqual(channels)
  expect(status.closed).toBe(0n)
  const received = seen.reduce((sum, { amount }) => sum + amount.units, 0n)
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length)
  expect([...paidByCustomer].filter((hash) => !seen.some(({ id }) => id === hash))).toEqual([])
  expect(balance!.inFlight).toEqual([])
  expect(balance!.amount.units).toBe(START_MSAT + received - sent)
  expect(paidByCustomer.size).toBeGreaterThan(KILLS)
  expect(settled()).toBeGreaterThan(KILLS)
}, 120_000)
