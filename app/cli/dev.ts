import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { NO_PROGRESS_MS } from '../../gateway/ports/patience.ts'
import { removeLocalState, writeLocalState } from '../../world/localState.ts'
import { startWorld, stop, type World } from '../../world/startWorld.ts'
import { worldConfig } from '../../world/worldConfig.ts'
import { checkFree } from './listen.ts'
import { type Verb, WrongWords } from './verb.ts'

type FromGateway = {
  step?: string
  railsOpen?: { lightningNodeId?: string }
  ready?: { url: string; demo?: { path: string; split: string } }
}

const PORT_MAX = 65_535
/** Channel between the world's router and our node: capacity and our side, in satoshi. */
const CHANNEL = { capacitySat: 10_000_000, pushSat: 5_000_000 }

/** `switchyard dev` (`npm start`): the world and a gateway in it, one line per step, then what to type next. */
export const verb: Verb = {
  usage: '[--port 8402] [--data DIR]   start two local chains, a Lightning network, bank and a gateway',
  async run(args) {
    const { values } = parseArgs({ args, options: { port: { type: 'string', default: '8402' }, data: { type: 'string' } } })
    const port = portOf(values.port)
    if (port !== 0) await checkFree({ host: '127.0.0.1', port })
    const started = performance.now()
    const say = (line: string) => console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${line}`) // not money: seconds
    say('starting the world: two chains, Lightning network, bank')
    if (values.data && existsSync(values.data) && readdirSync(values.data).length > 0) {
      // A new world has a new chain and new channels: books of another world would not agree with it.
      throw new GatewayError('unsafe_configuration', `${values.data} is not empty`, {
        hint: 'Each start is a new world; give --data a new folder, which is kept.',
      })
    }
    const world = await startWorld({ onStep: say })
    const temporary = values.data ? undefined : mkdtempSync(join(tmpdir(), 'switchyard-data-'))
    const [key, secondKey] = [newKey(), newKey()]
    const config = worldConfig(world, { dataDir: values.data ?? temporary!, port, operatorKey: key, secondKey })
    const file = join(world.folder, 'gateway.json')
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
    const gateway = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), ['gateway', '--config', file], {
      execArgv: [...NODE_FLAGS],
      // What it tells of its start is shown; a line a request would hide that.
      env: { ...process.env, SWITCHYARD_LOG: process.env.SWITCHYARD_LOG ?? 'warn' },
    })
    const closed = new Promise<number>((resolve) => gateway.once('exit', (code) => resolve(code ?? 1)))
    const close = once(async () => {
      await stop(gateway)
      await world.close()
      removeLocalState(key)
      if (temporary) rmSync(temporary, { recursive: true, force: true })
    })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close())
    listen(gateway, world, say, (ready) => {
      const chains = world.chains.map(({ rpcUrl, chainId, hub, token, tokenName, tokenVersion }) => ({
        rpcUrl,
        chainId,
        hub,
        token,
        tokenName,
        tokenVersion,
      }))
      writeLocalState({
        url: ready.url,
        key,
        route: `${ready.url}${ready.demo?.path ?? ''}`,
        split: ready.demo?.split ?? '',
        dataDir: resolve(config.dataDir),
        world: {
          chains,
          lightningUrl: world.lightning.controlUrl,
          lightningAddress: world.lightning.customer.address,
          bankUrl: world.bank.controlUrl,
          customers: world.chains[0].customers,
          bankCustomers: world.bank.customers,
        },
      })
      say('ready')
      console.log(next(ready.url, { key, secondKey }, ready.demo?.path ?? ''))
    })
    const code = await closed
    await close()
    return code
  },
}

function portOf(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number.parseInt(text, 10) : PORT_MAX + 1
  if (port > PORT_MAX) throw new WrongWords(`--port is a whole number from 0 to ${PORT_MAX}, not ${text}`)
  return port
}

function listen(
  gateway: ChildProcess,
  world: World,
  say: (line: string) => void,
  onReady: (ready: NonNullable<FromGateway['ready']>) => void,
): void {
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
async function openChannel(world: World, nodeId: string | undefined, say: (line: string) => void): Promise<void> {
  if (!nodeId) return
  const response = await fetch(`${world.lightning.controlUrl}/channel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nodeId, ...CHANNEL }),
    signal: AbortSignal.timeout(NO_PROGRESS_MS),
  })
  if (!response.ok) throw new Error(`the router answered ${response.status}`)
  say(`lightning  channel of ${CHANNEL.capacitySat} sat between the router and our node, ${CHANNEL.pushSat} sat on our side`)
}

function newKey(): string {
  return `sk_${randomBytes(18).toString('base64url')}`
}

function next(url: string, { key, secondKey }: { key: string; secondKey: string }, path: string): string {
  return [
    '',
    `  gateway     ${url}          (OpenAPI: ${url}/openapi.json)`,
    `  demo route  ${url}${path}   0.002 USD, shared by three payees`,
    `  API key     ${key}   (the operator's; in headers: authorization: Bearer KEY)`,
    `  second key  ${secondKey}   (another operator's, to approve what is above 1000 USD)`,
    '',
    '  Type next, in another terminal:',
    `    curl -i ${url}${path}                 one 402 for x402, MPP and L402 clients`,
    '    npm run demo                                          pay it with each client, pay three payees, verify',
    '    npm run pay -- l402                                   let one customer pay it (x402, x402-31337, mppx, l402, mpp, balance)',
    '    npm run switchyard -- verify                          compare the ledger with every rail',
    '    npm run switchyard -- lightning status                the node: channels, liquidity, alarms',
    '    npm run switchyard -- invoice 2.50                    ask for money: prints the page to pay it on',
    '',
    '  Ctrl-C ends everything.',
  ].join('\n')
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= work()
    return running
  }
}
