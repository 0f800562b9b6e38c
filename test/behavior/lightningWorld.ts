import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type LightningRail, openLightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import type { LightningReady } from '../../world/lightning/ready.ts'
import { until } from '../../world/lightning/until.ts'
import { readyOf, stop } from '../../world/startWorld.ts'

const CHANNEL_MS = 30_000

/** A Lightning world in its own process, and rails of the gateway in it. `close` ends all of it. */
export type LightningWorld = Readonly<{
  ready: LightningReady
  dataDir: string
  processId: number
  openRail: (dataDir?: string, o?: { externalBytesMax?: number; dustExposureMsatMax?: bigint }) => Promise<LightningRail>
  /** The control door; throws what it answers with another status than 200. */
  ask: <T>(path: string, body?: unknown) => Promise<T>
  /** Blocks now; answers the height after them. */
  mine: (n: number) => Promise<{ height: number }>
  /** Replaces the last blocks; with `forget` their transactions are gone. */
  reorganise: (depth: number, o: { forget: boolean }) => Promise<{ height: number }>
  close: () => Promise<void>
}>

/** Starts a router and a customer on their own chain. */
export async function startLightningWorld(log: (line: string) => void = () => {}): Promise<LightningWorld> {
  const main = fileURLToPath(new URL('../../world/lightning/main.ts', import.meta.url))
  const child = fork(main, [], { execArgv: [...NODE_FLAGS], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-lightning-'))
  const rails: LightningRail[] = []
  const close = async () => {
    await Promise.all(rails.map((rail) => rail.close()))
    await stop(child)
    rmSync(folder, { recursive: true, force: true })
  }
  const ready = await readyOf<LightningReady>(child, 'lightning').catch(async (error: unknown) => {
    await close()
    throw error
  })
  const door = async <T>(url: string, body?: unknown): Promise<T> => {
    const request = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(40_000) })
    // The door answers what its route says it answers.
    const answer = (await response.json()) as T & { error?: string }
    if (!response.ok) throw new Error(answer.error)
    return answer
  }
  return {
    ready,
    mine: (n) => door(new URL('/mine', ready.chainUrl).href, { n }),
    reorganise: (depth, { forget }) => door(new URL('/reorg', ready.chainUrl).href, { depth, forget }),
    dataDir: join(folder, 'node'),
    processId: child.pid!, // It has said that it is ready.
    openRail: async (dataDir = join(folder, 'node'), o = {}) => {
      const clock = { now: () => Date.now() }
      const rail = await openLightningRail({ dataDir, chainUrl: ready.chainUrl, peer: ready.router, asset: BTC, clock, log, ...o })
      rails.push(rail)
      return rail
    },
    ask: (path, body) => door(new URL(path, ready.controlUrl).href, body),
    close,
  }
}

/** A channel from the router, 10 million satoshi, half of it ours. */
export async function openRouterChannel(world: LightningWorld, rail: LightningRail): Promise<void> {
  await world.ask('/channel', { nodeId: rail.nodeId, capacitySat: '10000000', pushSat: '5000000' })
  await until(CHANNEL_MS, 'the channel becomes usable', async () =>
    (await rail.status()).channels.some(({ usable, announced }) => usable && announced),
  )
}
