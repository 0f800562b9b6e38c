import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { until } from '../../world/lightning/until.ts'
import { type LightningBook, lightningBook } from './lightningBook.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from './lightningWorld.ts'

const DEADLINE_MS = 20_000
const FINAL_BLOCKS = 6
/** Blocks that the world mines over a funding transaction, the one that holds it included. */
const FUNDING_DEPTH = 6

let world: LightningWorld
let rail: LightningRail
let book: LightningBook
let nodes = 0

beforeAll(async () => {
  world = await startLightningWorld()
})
afterAll(() => world?.close())
beforeEach(async () => {
  rail = await world.openRail(`${world.dataDir}-${++nodes}`)
})
afterEach(async () => {
  await book?.close()
  await rail?.close()
})

const atTip = (height: number) =>
  until(DEADLINE_MS, 'the node is at the tip', async () => (await rail.status().catch(() => ({ height: 0 }))).height >= height)
const usable = async () => (await rail.status()).channels.some((channel) => channel.usable)

test('a reorganisation that leaves the funding in place changes nothing, whether the node runs or not', async () => {
  await openRouterChannel(world, rail)
  book = await lightningBook(rail)
  const { channels } = await rail.status()
  await atTip((await world.reorganise(FUNDING_DEPTH - 1, { forget: false })).height)
  await book.receive(world, rail, 5_000n)
  await rail.close()
  const { height } = await world.reorganise(FINAL_BLOCKS - 1, { forget: false })
  await book.close()
  rail = await world.openRail(`${world.dataDir}-${nodes}`)
  book = await lightningBook(rail)
  await atTip(height)
  await until(DEADLINE_MS, 'the channel is usable', usable)
  expect((await rail.status()).channels.map(({ id }) => id)).toEqual(channels.map(({ id }) => id))
  await book.receive(world, rail, 6_000n)
  expect((await book.equal()).node).toBe(book.opening + 6_000n)
  expect((await rail.status()).closed).toBe(0n)
})

test('a funding transaction that a reorganisation moves closes the channel, and its money comes home', async () => {
  const fundedAt = await openShallowChannel()
  await replaceFrom(fundedAt, { forget: false })
  await until(DEADLINE_MS, 'the channel is closed', async () => (await rail.status()).closed === 1n)
  // The peer or we: whoever closes first, the commitment is mined on the new branch.
  for (const blocks of [1, 144, FINAL_BLOCKS, 1, FINAL_BLOCKS]) await atTip((await world.mine(blocks)).height)
  const places = await book.equal()
  expect([places.node, places.closing]).toEqual([0n, 0n])
  expect(places.wallet).toBe(book.opening - book.spentMsat())
})

test('a funding transaction that is gone takes its money with it, and the books say how much', async () => {
  const fundedAt = await openShallowChannel()
  await replaceFrom(fundedAt, { forget: true })
  await until(DEADLINE_MS, 'the channel is closed', async () => (await rail.status()).closed === 1n)
  await atTip((await world.mine(FINAL_BLOCKS)).height)
  const places = await book.explained()
  expect(places).toEqual({ node: 0n, closing: book.opening })
  expect((await rail.status()).closings).toBe(1n)
})

/** A channel whose funding has two confirmations: usable, because one is enough, and within reach of a reorganisation. Answers its block. */
async function openShallowChannel(): Promise<number> {
  const wanted = { nodeId: rail.nodeId, capacitySat: '1000000', pushSat: '400000', depth: 2 }
  const { fundedAt } = await world.ask<{ fundedAt: number }>('/channel', wanted)
  await until(DEADLINE_MS, 'the channel is usable', usable)
  book = await lightningBook(rail)
  expect(book.opening).toBe(400_000_000n)
  return fundedAt
}

/** Replaces the block of this height and all above it; the world may have mined more of them meanwhile. */
async function replaceFrom(block: number, o: { forget: boolean }): Promise<void> {
  const { height } = await world.ask<{ height: number }>('/status')
  await atTip((await world.reorganise(height + 1 - block, o)).height)
}
