import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { NO_PROGRESS_MS } from '../../gateway/ports/patience.ts'
import { type LocalState, removeLocalState, writeLocalState } from '../../world/localState.ts'
import { startWorld, stop, type World } from '../../world/startWorld.ts'
import { worldConfig } from '../../world/worldConfig.ts'
import { devNext } from './devNext.ts'
import { checkFree } from './listen.ts'
import { WrongWords } from './wrongWords.ts'

type FromGateway = {
  step?: string
  railsOpen?: { lightningNodeId?: string }
  ready?: { url: string; demo?: { path: string; split: string } }
}
type Say = (line: string) => void
type Options = Readonly<{ port: string; data?: string | undefined; json?: boolean | undefined }>

/** The command that runs the gateway: a file of sources here, a compiled one in a package. */
const MAIN = fileURLToPath(new URL(`./main${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url))
const PORT_MAX = 65_535
/** Channel between the world's router and our node: capacity and our side, in satoshi. */
const CHANNEL = { capacitySat: 10_000_000, pushSat: 5_000_000 }

/** The world and a gateway in it, one line per step, then what to type next, where the command is called `name`. */
export async function dev(o: Options, name: string): Promise<number> {
  const port = portOf(o.port)
  if (port !== 0) await checkFree({ host: '127.0.0.1', port })
  checkEmpty(o.data)
  const say = sayer(o.json ?? false)
  say('starting the world: two chains, Lightning network, bank')
  const world = await startWorld({ onStep: say })
  const temporary = o.data ? undefined : mkdtempSync(join(tmpdir(), 'switchyard-data-'))
  const [key, secondKey] = [newKey(), newKey()]
  const config = worldConfig(world, { dataDir: o.data ?? temporary!, port, operatorKey: key, secondKey })
  const gateway = forkGateway(world, config)
  const closed = new Promise<number>((resolve) => gateway.once('exit', (code) => resolve(code ?? 1)))
  const close = once(async () => {
    await stop(gateway)
    await world.close()
    removeLocalState(key)
    if (temporary) rmSync(temporary, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close())
  listen(gateway, world, say, (ready) => {
    const state = stateOf(world, ready, { key, dataDir: resolve(config.dataDir) })
    writeLocalState(state)
    say('ready')
    console.log(
      o.json ? JSON.stringify({ ready: { url: ready.url, route: state.route, key, secondKey } }) : devNext(state, secondKey, name),
    )
  })
  const code = await closed
  await close()
  return code
}

/** Each start is a new world with a new chain and new channels: books of another world would not agree with it. */
function checkEmpty(folder: string | undefined): void {
  if (!folder || !existsSync(folder) || readdirSync(folder).length === 0) return
  throw new GatewayError('unsafe_configuration', `${folder} is not empty`, {
    hint: 'Each start is a new world; give --data a new folder, which is kept.',
  })
}

function sayer(json: boolean): Say {
  const started = performance.now()
  return (line) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1) // not money: seconds
    console.log(json ? JSON.stringify({ step: line, seconds }) : `${seconds.padStart(5)} s  ${line}`)
  }
}

function forkGateway(world: World, config: object): ChildProcess {
  const file = join(world.folder, 'gateway.json')
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
  return fork(MAIN, ['gateway', '--config', file], {
    execArgv: [...NODE_FLAGS],
    // What it tells of its start is shown; a line a request would hide that.
    env: { ...process.env, SWITCHYARD_LOG: process.env.SWITCHYARD_LOG ?? 'warn' },
  })
}

function stateOf(
  world: World,
  ready: NonNullable<FromGateway['ready']>,
  { key, dataDir }: Readonly<{ key: string; dataDir: string }>,
): LocalState {
  const chains = world.chains.map(({ rpcUrl, chainId, hub, token, tokenName, tokenVersion }) => ({
    rpcUrl,
    chainId,
    hub,
    token,
    tokenName,
    tokenVersion,
  }))
  return {
    url: ready.url,
    key,
    route: `${ready.url}${ready.demo?.path ?? ''}`,
    split: ready.demo?.split ?? '',
    dataDir,
    world: {
      chains,
      lightningUrl: world.lightning.controlUrl,
      lightningAddress: world.lightning.customer.address,
      bankUrl: world.bank.controlUrl,
      customers: world.chains[0].customers,
      bankCustomers: world.bank.customers,
    },
  }
}

function portOf(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number.parseInt(text, 10) : PORT_MAX + 1
  if (port > PORT_MAX) throw new WrongWords(`--port is a whole number from 0 to ${PORT_MAX}, not ${text}`)
  return port
}

function listen(gateway: ChildProcess, world: World, say: Say, onReady: (ready: NonNullable<FromGateway['ready']>) => void): void {
  gateway.on('message', (message: FromGateway) => {
    if (message.step) say(`gateway    ${message.step}`)
    if (message.ready) onReady(message.ready)
    if (message.railsOpen) {
      openChannel(world, message.railsOpen.lightningNodeId, say).then(
        () => gateway.send({ go: true }),
        (error: unknown) => {
          say(`the channel could not be opened: ${error instanceof Error ? error.message : 'unknown error'}`)
          void stop(gateway)
        },
      )
    }
  })
}

/** The world's router opens a channel to our node. A node that was here before has one already. */
async function openChannel(world: World, nodeId: string | undefined, say: Say): Promise<void> {
  if (!nodeId) return
  const response = await fetch(`${world.lightning.controlUrl}/channel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nodeId, ...CHANNEL }),
    signal: AbortSignal.timeout(NO_PROGRESS_MS),
  })
  if (!response.ok) throw new Error(`the router answered ${response.status}`)
  say(`lightning  channel of ${CHANNEL.capacitySat} sat to our node, ${CHANNEL.pushSat} sat on our side`)
}

function newKey(): string {
  return `sk_${randomBytes(18).toString('base64url')}`
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= work()
    return running
  }
}
