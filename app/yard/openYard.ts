import { type ChildProcess, fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { NO_PROGRESS_MS } from '../../gateway/ports/patience.ts'
import { partEnvironment } from '../../world/partEnvironment.ts'
import { startWorld, stop, type World } from '../../world/startWorld.ts'
import { worldConfig } from '../../world/worldConfig.ts'
import { yardFolder } from './yardFolder.ts'

type FromGateway = {
  step?: string
  railsOpen?: { lightningNodeId?: string }
  ready?: { url: string; demo?: { path: string; split: string } }
}
type YardOptions = Readonly<{
  /** 0: a free one. */
  port: number
  /** Where all of it is kept for a later start; without it everything goes with `close`. */
  data?: string | undefined
  /** Told each part that is ready. */
  onStep: (line: string) => void
}>

/** A world with a gateway in it, ready for its first request. */
export type OpenYard = Readonly<{
  url: string
  demo: { path: string; split: string } | undefined
  key: string
  secondKey: string
  dataDir: string
  world: World
  /** The exit code of the gateway, once it has ended for whatever reason. */
  ended: Promise<number>
  /** Lets this process end while all of it runs, which then ends with it, and leaves nothing that was not to be kept. */
  letGo: () => void
  close: () => Promise<void>
}>

/** The gateway's process: a file of sources here, a compiled one in a package. */
const GATEWAY = fileURLToPath(new URL(`../cli/gatewayInYard${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url))
/** As a gateway looks at real chains: a person waits a second for what others send there, and a yard at rest hardly works. */
const POLL_MS = 1_000
/** Channel between the world's router and our node: capacity and our side, in satoshi. */
const CHANNEL = { capacitySat: 10_000_000, pushSat: 5_000_000 }

/** Starts all parts of the world, and the gateway, together; resolves when the gateway answers. What was started is ended when one of them fails. */
export async function openYard({ port, data, onStep }: YardOptions): Promise<OpenYard> {
  const folder = yardFolder(data)
  const { dataDir, secrets } = folder
  onStep(`starting ${data === undefined ? 'a new world' : `the world in ${data}`}: two chains, Lightning network, bank, gateway`)
  const gateway = forkGateway()
  const ended = new Promise<number>((resolve) => gateway.once('exit', (code) => resolve(code ?? 1)))
  let world: World | undefined
  const endAtOnce = () => {
    for (const child of [gateway, ...(world?.processes ?? [])]) child.kill('SIGKILL')
    world?.discard()
    folder.close()
  }
  const close = once(async () => {
    process.off('exit', endAtOnce)
    await stop(gateway)
    await world?.close()
    folder.close()
  })
  try {
    world = await startWorld({ onStep, ...(folder.world === undefined ? {} : { folder: folder.world }) })
    const { key, secondKey, challengeSecret } = secrets
    const file = join(world.folder, 'gateway.json')
    const config = worldConfig(world, { dataDir, port, operatorKey: key, secondKey, challengeSecret, pollMs: POLL_MS })
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
    const ready = await gatewayReady({ gateway, ended, world, onStep, file })
    const children = [gateway, ...world.processes]
    const letGo = () => {
      for (const child of children) {
        child.unref()
        child.channel?.unref()
      }
      process.once('exit', endAtOnce)
    }
    return { url: ready.url, demo: ready.demo, key, secondKey, dataDir, world, ended, letGo, close }
  } catch (error) {
    await close()
    throw error
  }
}

function forkGateway(): ChildProcess {
  return fork(GATEWAY, [], {
    execArgv: [...NODE_FLAGS],
    // What it tells of its start is shown; a line a request would hide that.
    env: { ...partEnvironment(), SWITCHYARD_LOG: process.env.SWITCHYARD_LOG ?? 'warn' },
  })
}

type Starting = Readonly<{
  gateway: ChildProcess
  ended: Promise<number>
  world: World
  onStep: (line: string) => void
  /** Of its configuration. */
  file: string
}>

function gatewayReady({ gateway, ended, world, onStep, file }: Starting): Promise<NonNullable<FromGateway['ready']>> {
  const { promise, resolve, reject } = Promise.withResolvers<NonNullable<FromGateway['ready']>>()
  // Our own program, which has said on standard error why.
  ended.then((code) => reject(new YardEnded(code)))
  gateway.on('message', (message: FromGateway) => {
    if (message.step) onStep(`gateway    ${message.step}`)
    if (message.ready) resolve(message.ready)
    if (message.railsOpen) openChannel(world, message.railsOpen.lightningNodeId, onStep).then(() => gateway.send({ go: true }), reject)
  })
  gateway.send({ config: file })
  return promise
}

/** The gateway ended before it was ready, and has said why. */
export class YardEnded extends Error {
  readonly exitCode: number
  constructor(exitCode: number) {
    super(`the gateway ended before it was ready (${exitCode})`)
    this.exitCode = exitCode
  }
}

/** The world's router opens a channel to our node. A node that was here before has one already. */
async function openChannel(world: World, nodeId: string | undefined, onStep: (line: string) => void): Promise<void> {
  if (!nodeId) return
  const response = await fetch(`${world.lightning.controlUrl}/channel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nodeId, ...CHANNEL }),
    signal: AbortSignal.timeout(NO_PROGRESS_MS),
  })
  if (!response.ok) throw new Error(`the router could not open a channel: it answered ${response.status}`)
  onStep(`lightning  a channel of ${CHANNEL.capacitySat} sat with our node`)
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= work()
    return running
  }
}
