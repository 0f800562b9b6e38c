import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { patience } from '../../gateway/ports/patience.ts'
import { startWorld, stop, type World } from '../../world/startWorld.ts'
import { worldConfig } from '../../world/worldConfig.ts'
import { checkAnswer } from '../contract/checkAnswer.ts'

const OPERATOR_KEY = 'sk_operator_of_the_test_yard'

type FromGateway = {
  step?: string
  railsOpen?: { lightningNodeId?: string }
  ready?: { url: string; demo: { path: string; split: string } }
}
export type Json = { [key: string]: unknown }
export type Answer<T = Json> = { status: number; headers: Headers; body: T }

/** A world with one gateway process in it, which can be killed and started again on the same data. */
export type Yard = Awaited<ReturnType<typeof startYard>>

/**
 * `rpcVia` is given a chain's address and id and answers where the gateway finds it instead, such as a proxy before it. `chains`: how many of the
 * world's chains the gateway knows, the main chain first. `channelSat`: how much of the gateway's channel is its own at first. `before`: what is done with
 * the world before the gateway first sees it. `extra`: further fields of its configuration. `program`: what is run in the command's place, in its words.
 */
type Options = Readonly<{
  rpcVia?: (rpcUrl: string, chainId: number) => Promise<string>
  chains?: number
  channelSat?: number
  before?: (world: World) => Promise<void>
  extra?: object
  program?: URL
}>

/** The world's processes, a gateway in them, and a channel between them. */
export async function startYard(o: Options = {}) {
  const world = await startWorld({ bankCycleMs: 300 })
  await o.before?.(world)
  const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-yard-'))
  const plain = worldConfig(world, { dataDir, port: 0, operatorKey: OPERATOR_KEY })
  const evm = await Promise.all(
    plain.evm.slice(0, o.chains).map(async (chain) => {
      const [rpcUrl] = chain.rpcUrls
      return { ...chain, rpcUrls: [o.rpcVia ? await o.rpcVia(rpcUrl, chain.chainId) : rpcUrl] as [string] }
    }),
  )
  const config = { ...plain, evm, ...o.extra }
  let child: ChildProcess
  let url = ''
  let demo = { path: '', split: '' }
  let channel = false
  let steps: string[] = []

  /** Starts the gateway, on its own data or on that of `folder`, and waits until it is ready; the port stays, so that open challenges stay payable. */
  async function start(folder = dataDir): Promise<void> {
    const file = join(folder, 'config.json')
    const port = url === '' ? 0 : Number.parseInt(new URL(url).port, 10)
    writeFileSync(file, JSON.stringify({ ...config, dataDir: folder, port }))
    child = fork(fileURLToPath(o.program ?? new URL('../../app/cli/main.ts', import.meta.url)), ['gateway', '--config', file], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [...NODE_FLAGS],
      env: { ...process.env, SWITCHYARD_LOG: process.env.SWITCHYARD_LOG ?? 'error' },
    })
    const started = child
    steps = []
    await new Promise<void>((resolve, reject) => {
      const waiting = patience(({ message }) => reject(new Error(`${message} after: ${steps.join(', ')}`)), 'the gateway')
      const ended = (code: number | null) => {
        waiting.end()
        reject(new Error(`the gateway ended before it was ready (${code})`))
      }
      started.once('exit', ended)
      started.on('message', (message: FromGateway) => {
        waiting.progress()
        if (message.step) steps.push(message.step)
        if (message.railsOpen) {
          openChannel(message.railsOpen.lightningNodeId).then(() => started.send({ go: true }), reject)
        } else if (message.ready) {
          waiting.end()
          started.off('exit', ended)
          ;({ url, demo } = message.ready)
          resolve()
        }
      })
    })
  }

  async function openChannel(nodeId: string | undefined): Promise<void> {
    // An LND of the test's own has its channels already.
    if (channel || !nodeId || 'lnd' in config.lightning) return
    await control(world.lightning.controlUrl, '/channel', { nodeId, capacitySat: 10_000_000, pushSat: o.channelSat ?? 5_000_000 })
    channel = true
  }

  async function call<T = Json>(
    method: string,
    path: string,
    o: { body?: unknown; key?: string | null; headers?: Record<string, string> } = {},
  ): Promise<Answer<T>> {
    const raw = typeof o.body === 'string'
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(o.key === null ? {} : { authorization: `Bearer ${o.key ?? OPERATOR_KEY}` }),
        ...(o.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {}),
        ...o.headers,
      },
      ...(o.body === undefined ? {} : { body: raw ? (o.body as string) : JSON.stringify(o.body) }),
      signal: AbortSignal.timeout(45_000),
    })
    const text = await response.text()
    return checked(method, path, { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as T })
  }

  try {
    await start()
  } catch (error) {
    await stop(child!)
    await world.close()
    throw error
  }
  return {
    world,
    /** The main chain of the world, whose token balances are in. */
    chain: world.chains[0],
    /** The cheap one. */
    rollup: world.chains[1]!,
    config,
    dataDir,
    key: OPERATOR_KEY,
    call,
    start,
    url: () => url,
    /** What the last start said of itself, a line a step. */
    steps: (): readonly string[] => steps,
    route: () => `${url}${demo.path}`,
    split: () => demo.split,
    /** The gateway's process. */
    processId: () => child.pid!,
    /** SIGKILL, at once. */
    async kill(): Promise<void> {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      child.kill('SIGKILL')
      await ended
    },
    async close(): Promise<void> {
      await stop(child)
      await world.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** An answer that keeps what the API promises. */
function checked<T>(method: string, url: string, answer: Answer<T>): Answer<T> {
  checkAnswer({ method, url, status: answer.status, body: answer.body })
  return answer
}

/** Longer than the world lets a payment take. */
const CONTROL_DEADLINE_MS = 110_000

/** A call of a part of the world. */
export async function control<T>(url: string, path: string, body?: unknown, deadlineMs = CONTROL_DEADLINE_MS): Promise<T> {
  const init = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(deadlineMs) })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

/** Asks until it is so. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>, deadlineMs = 30_000): Promise<T> {
  const end = Date.now() + deadlineMs
  for (;;) {
    const found = await ask()
    if (found !== undefined && found !== false) return found
    if (Date.now() > end) throw new Error(`${what} did not happen within ${deadlineMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** A party with an API key and, when `eur` is given, a balance that a bank transfer has filled. */
export async function partyWith(yard: Yard, o: { name: string; eur?: string }): Promise<{ id: string; key: string }> {
  const made = await yard.call<{ id: string; top_up_reference: string }>('POST', '/v1/parties', { body: { name: o.name } })
  if (made.status !== 201) throw new Error(`no party: ${JSON.stringify(made.body)}`)
  const party = { id: made.body.id, key: made.headers.get('switchyard-api-key')! }
  if (!o.eur) return party
  await control(yard.world.bank.controlUrl, '/transfers', {
    customer: yard.world.bank.customers[0]!.id,
    amount: o.eur,
    remittance: made.body.top_up_reference,
  })
  await until('the top-up', async () => (await balanceOf(yard, party.id, 'EUR')) !== '0')
  return party
}

/** What a party can spend of one asset, as a decimal string; '0' when it has no such balance. */
export async function balanceOf(yard: Yard, party: string, code: string): Promise<string> {
  const { body } = await yard.call<{ balances: { code: string; available: string }[] }>('GET', `/v1/parties/${party}`)
  return body.balances.find((b) => b.code === code)?.available ?? '0'
}

/** A decimal string of a six-place asset in its units. */
export function units(text: string): bigint {
  const [whole, fraction = ''] = text.split('.')
  return BigInt(whole! + fraction.padEnd(6, '0'))
}

/** What one chain holds of a split. */
export type SplitChain = { rail: string; undivided: string; dust: string; entitlements: { account: string; amount: string }[] }

/** What each chain holds of the demo's split. */
export async function splitOnChains(yard: Yard): Promise<SplitChain[]> {
  const { body } = await yard.call<{ chains: SplitChain[] }>('GET', `/v1/splits/${yard.split()}`)
  return body.chains
}

/** What lies undivided in the receivers of the demo's split, on all chains together, in units. */
export async function undividedUnits(yard: Yard): Promise<bigint> {
  return (await splitOnChains(yard)).reduce((sum, chain) => sum + units(chain.undivided), 0n)
}

export type Verification = {
  ok: boolean
  rails: { account: string; verdict: string; difference: string }[]
  splits: { account: string; verdict: string; difference: string }[]
  journal: { verdict: string }
}

/** Waits until nothing is in flight, then says what the gateway's own verification says. */
export async function verified(yard: Yard): Promise<Verification> {
  let last: Verification | undefined
  await until(
    'a quiet ledger',
    async () => {
      const { body } = await yard.call<Verification>('GET', '/v1/verify')
      last = body
      return [...body.rails, ...body.splits].every((r) => r.verdict === 'equal')
    },
    40_000,
  ).catch(() => undefined)
  return last!
}
