import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LightningRail, openLightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { until } from '../../world/lightning/until.ts'
import { type LightningBook, lightningBook } from './lightningBook.ts'
import { attemptAt, outcomeOf } from './lightningCalls.ts'
import { type LightningWorld, startLightningWorld } from './lightningWorld.ts'
import type { FromRouter, ToRouter } from './routerProcess.ts'

const DEADLINE_MS = 60_000
const AMOUNT_MSAT = 30_000_000n
const FEE_MSAT_MAX = 50_000n

/** We - a router that dies - the world's router - the customer. */
let world: LightningWorld
let rail: LightningRail
let book: LightningBook
let router: ChildProcess
let routerId = ''
let port = 0
let htlcs: Record<string, number> = {}

beforeAll(async () => {
  world = await startLightningWorld()
  await startRouter()
  await world.ask('/channel', { nodeId: routerId, capacitySat: '10000000', pushSat: '5000000' })
  await routerFinds(world.ready.customer.nodeId)
  const peer = { nodeId: routerId, host: '127.0.0.1', port }
  const clock = { now: () => Date.now() }
  rail = await openLightningRail({ dataDir: `${world.dataDir}-payer`, chainUrl: world.ready.chainUrl, peer, asset: BTC, clock })
  post({ open: { nodeId: rail.nodeId, sats: 4_000_000n, pushSats: 2_000_000n, coin: await freshCoin() } })
  await until(DEADLINE_MS, 'our channel is usable', async () => {
    await world.mine(1)
    return (await rail.status()).channels.some(({ usable }) => usable)
  })
  const destination = { kind: 'lightning_node', nodeId: world.ready.customer.nodeId } as const
  const routed = async () => (await rail.estimate({ amount: money(BTC, AMOUNT_MSAT), destination })).kind === 'possible'
  await until(DEADLINE_MS, 'we find the customer', routed)
  book = await lightningBook(rail)
}, 240_000)
afterAll(async () => {
  await book?.close()
  router?.kill('SIGKILL')
  await rail?.close()
  await world?.close()
}, 60_000)

function post(message: ToRouter): void {
  router.send(message)
}

/** The router's process, on the file of the one before. */
async function startRouter(): Promise<void> {
  const main = fileURLToPath(new URL('./routerProcess.ts', import.meta.url))
  router = fork(main, [], { execArgv: [...NODE_FLAGS], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ready = Promise.withResolvers<void>()
  router.once('exit', () => ready.reject(new Error('the router ended')))
  router.on('message', (message: FromRouter) => {
    if ('htlcs' in message) htlcs = message.htlcs
    else if ('ready' in message) {
      ;({ nodeId: routerId, port } = message.ready)
      ready.resolve()
    }
  })
  const file = join(world.dataDir, '..', 'router.db')
  post({ start: { file, chainUrl: world.ready.chainUrl, port, upstream: world.ready.router } })
  await ready.promise
}

/** Only what it knows when we connect to it is sure to be told to us. */
async function routerFinds(nodeId: string): Promise<void> {
  const found = new Promise<void>((resolve) => {
    router.on('message', (message: FromRouter) => {
      if ('found' in message && message.found === nodeId) resolve()
    })
  })
  post({ find: nodeId })
  await found
}

async function killRouter(): Promise<void> {
  const ended = new Promise((resolve) => router.once('exit', resolve))
  router.kill('SIGKILL')
  await ended
  htlcs = {}
}

/** The coinbase of a block of our own, which nobody has spent. */
async function freshCoin(): Promise<{ txid: string; height: number }> {
  const { height } = await world.mine(1)
  const answer = await fetch(new URL(`/blocks?after=${height - 1}`, world.ready.chainUrl))
  const { blocks } = (await answer.json()) as { blocks: { txs: string[] }[] } // The chain's own form.
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
  const txid = sha256(sha256(Buffer.from(blocks[0]!.txs[0]!, 'hex')))
    .reverse()
    .toString('hex')
  return { txid, height }
}

/** A payment that the customer holds. */
async function heldPayment() {
  const { invoice, paymentHash } = await world.ask<{ invoice: string; paymentHash: string }>('/hold', { amountMsat: `${AMOUNT_MSAT}` })
  const attempt = attemptAt({ kind: 'lightning_invoice', invoice }, AMOUNT_MSAT, FEE_MSAT_MAX)
  const stop = new AbortController()
  const sending = rail.send(attempt, { signal: stop.signal })
  await until(DEADLINE_MS, 'the customer holds', async () => (await stateOf(paymentHash)) === 'held')
  stop.abort()
  expect(await sending).toMatchObject({ kind: 'unknown' })
  return { attempt, paymentHash }
}

const stateOf = async (paymentHash: string) => (await world.ask<{ state: string }>('/held', { paymentHash })).state

/** The customer has the money; what that means to us is on its way. */
async function settleAtCustomer(paymentHash: string): Promise<void> {
  await world.ask('/settle', { paymentHash })
  await until(DEADLINE_MS, 'the customer has it', async () => (await stateOf(paymentHash)) === 'settled')
}

/** One outcome, with the payee's preimage, and the books equal the node. */
async function paidOnce({ attempt, paymentHash }: Awaited<ReturnType<typeof heldPayment>>, before: bigint): Promise<void> {
  const outcome = await outcomeOf(rail, attempt.id, DEADLINE_MS)
  if (outcome.kind !== 'settled') throw new Error(`it is ${outcome.kind}`)
  expect(createHash('sha256').update(Buffer.from(outcome.evidence.proof!, 'hex')).digest('hex')).toBe(paymentHash)
  book.paid(attempt, outcome)
  const places = await book.equal()
  expect(places.node).toBe(before - AMOUNT_MSAT - outcome.fee.units)
  expect(await rail.send(attempt, { signal: AbortSignal.timeout(DEADLINE_MS) })).toEqual(outcome)
  expect((await book.equal()).node).toBe(places.node)
}

test('a router that dies before it hears that the payee has settled tells us once it is back', async () => {
  const before = (await book.equal()).node!
  const payment = await heldPayment()
  // It is there and hears nothing: what is said to it waits in its sockets, and dies with it.
  router.kill('SIGSTOP')
  await settleAtCustomer(payment.paymentHash)
  expect(await rail.lookup(payment.attempt.id)).toMatchObject({ kind: 'unknown' })
  await killRouter()
  await book.explained()
  expect(await rail.lookup(payment.attempt.id)).toMatchObject({ kind: 'unknown' })
  await startRouter()
  await paidOnce(payment, before)
}, 180_000)

test('a router that dies after it was settled with, and before it is done with us, takes its due once it is back', async () => {
  const before = (await book.equal()).node!
  const payment = await heldPayment()
  const ourProcess = rail.processId()!
  process.kill(ourProcess, 'SIGSTOP')
  try {
    await settleAtCustomer(payment.paymentHash)
    // Its side towards the payee is done, and ours is not.
    await until(DEADLINE_MS, 'the router is paid up', () => htlcs[world.ready.router.nodeId] === 0 && htlcs[rail.nodeId] === 1)
    await killRouter()
  } finally {
    process.kill(ourProcess, 'SIGCONT')
  }
  // Its last word to us may wait in our socket; the channel can not follow without it.
  await startRouter()
  await paidOnce(payment, before)
  expect(rail.processId()).toBe(ourProcess)
}, 180_000)
