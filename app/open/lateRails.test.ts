import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type QuietChain, startQuietChain } from '../../test/evm/quietChain.ts'
import { BANK_ACCOUNT, localConfig, OPERATOR_KEY } from '../../test/localConfig.ts'
import { serve } from '../cli/serve.ts'
import { checkConfig } from '../config/config.ts'
import { openGateway } from '../openGateway.ts'

const SOON = { timeout: 50_000, interval: 100 }

let chain: QuietChain
beforeAll(async () => {
  chain = await startQuietChain()
})
afterAll(() => chain.stop())

/** What stands before the chain: it hangs up on everybody until it is opened. */
async function startGate() {
  let open = false
  const { port } = new URL(chain.rpcUrl)
  const server = createServer((socket) => {
    if (!open) return void socket.destroy()
    const target = connect(Number.parseInt(port, 10), '127.0.0.1')
    for (const side of [socket, target]) side.on('error', () => [socket, target].map((s) => s.destroy()))
    socket.pipe(target).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // listening on TCP.
    open: () => {
      open = true
    },
  }
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-late-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function configOf(folder: string, o: { evm?: string; bank?: string; lnd?: object }) {
  const { chainId, hub, operatorKey, token: address, tokenName: name, tokenVersion: version } = chain
  const token = { address, name, version, ledger: 100 }
  return checkConfig(
    localConfig(join(folder, 'data'), {
      evm: o.evm ? [{ chainId, rpcUrls: [o.evm], hub, operatorKey, token, finality: { depth: 0 }, pollMs: 25 }] : [],
      ...(o.lnd ? { lightning: { lnd: o.lnd } } : {}),
      ...(o.bank ? { bank: { folder: o.bank, account: BANK_ACCOUNT, feeEur: '0.02', pollMs: 50 } } : {}),
    }),
  )
}

/** A running gateway, and its API. */
async function start(config: ReturnType<typeof configOf>) {
  const server = await serve(config)
  onTestFinished(() => server.close())
  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${OPERATOR_KEY}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
    const response = await fetch(server.url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    return (await response.json()) as T
  }
  const ready = () => call<{ status: string; rails: { rail: string; state: string; reason?: string; detail?: string }[] }>('GET', '/readyz')
  return { server, call, ready }
}

type Intent = { id: string; offers: { rail: string }[]; not_offered?: { rail: string }[] }
type Verification = { rails: { account: string; verdict: string }[] }
const verdictOf = ({ account, verdict }: Verification['rails'][number]) => `${account} ${verdict}`
/** The rails that an intent can be paid on, besides a balance here. */
const outside = ({ offers }: Intent) => offers.flatMap(({ rail }) => (rail === 'book' ? [] : [rail])).sort()
// For as long as a bank may take, over holidays too.
const wanted = (payee: string) => ({ amount: { asset: 'USD', amount: '2.50' }, payee, expires_in_s: 8 * 86_400 })

test('a chain that does not answer keeps no gateway from starting; nothing is offered on it until it opens by itself', async () => {
  const gate = await startGate()
  const folder = newFolder()
  const bank = join(folder, 'bank')
  mkdirSync(bank)
  const { call, ready } = await start(configOf(folder, { evm: gate.url, bank }))
  const evm = `evm:${chain.chainId}`
  expect(await ready()).toMatchObject({
    status: 'degraded',
    rails: [
      { rail: evm, state: 'closed', reason: 'rail_unavailable', detail: expect.stringMatching(/does not answer/) },
      { rail: 'bank', state: 'open' },
    ],
  })
  const seller = await call<{ id: string }>('POST', '/v1/parties', { name: 'seller' })
  const before = await call<Intent>('POST', '/v1/payment_intents', wanted(seller.id))
  expect(outside(before)).toEqual(['bank'])
  expect(before.not_offered).toMatchObject([{ rail: evm }])
  expect((await call<Verification>('GET', '/v1/verify')).rails.map(verdictOf)).toEqual([`rail:${evm} silent`, 'rail:bank silent'])
  gate.open()
  await expect.poll(async () => (await ready()).status, SOON).toBe('ready')
  const after = await call<Intent>('POST', '/v1/payment_intents', wanted(seller.id))
  expect(outside(after)).toEqual(['bank', evm])
  await expect
    .poll(async () => (await call<Verification>('GET', '/v1/verify')).rails.map(verdictOf), SOON)
    .toEqual([
      `rail:${evm}:wallet equal`,
      `rail:${evm}:gas equal`,
      `rail:${evm}:hub equal`,
      `rail:${evm}:receiver equal`,
      'rail:bank silent',
    ])
})

test('a payout to an account of our own is refused on a chain that is closed, and on one that opened late', async () => {
  const gate = await startGate()
  const { call, ready } = await start(configOf(newFolder(), { evm: gate.url }))
  const { id: party } = await call<{ id: string }>('POST', '/v1/parties', { name: 'seller' })
  const code = async (address: string) => {
    const order = { party, amount: { asset: 'USDC', amount: '1' }, destinations: [{ kind: 'evm_address', address }] }
    return (await call<{ code: string }>('POST', '/v1/payouts', order)).code
  }
  const ours = [privateKeyToAddress(chain.operatorKey), chain.hub]
  const stranger = `0x${'12'.repeat(20)}`
  expect(await Promise.all([...ours, stranger].map(code))).toEqual(['own_account', 'own_account', 'insufficient_balance'])
  gate.open()
  await expect.poll(async () => (await ready()).status, SOON).toBe('ready')
  const { offers } = await call<{ offers: { rail: string; pay: { pay_to: string } }[] }>('POST', '/v1/payment_intents', wanted(party))
  const receiver = offers.find(({ rail }) => rail.startsWith('evm:'))!.pay.pay_to
  const refused = ['own_account', 'own_account', 'own_account', 'insufficient_balance']
  expect(await Promise.all([...ours, receiver, stranger].map(code))).toEqual(refused)
})

test('a bank folder that is not there closes the bank alone, and is asked for again', async () => {
  const folder = newFolder()
  const config = configOf(folder, { evm: chain.rpcUrl, bank: '/dev/null/bank' })
  const { ready } = await start(config)
  expect((await ready()).rails).toMatchObject([{ state: 'open' }, { rail: 'bank', state: 'closed' }])
})

test('a mistyped bank folder is not made: the bank is closed with what to change, and opens when it is there', async () => {
  const folder = newFolder()
  const bank = join(folder, 'bnak')
  const { ready } = await start(configOf(folder, { bank }))
  const rail = { rail: 'bank', state: 'closed', detail: expect.stringMatching(/bnak.*is not there.*bank\.folder/) }
  expect(await ready()).toMatchObject({ status: 'degraded', rails: [rail] })
  expect(existsSync(bank)).toBe(false)
  mkdirSync(bank)
  await expect.poll(async () => (await ready()).status, SOON).toBe('ready')
})

test('a macaroon of LND that is not there closes Lightning alone, and is asked for again', async () => {
  const folder = newFolder()
  const bank = join(folder, 'bank')
  mkdirSync(bank)
  const lnd = { socket: 'localhost:1', macaroon: join(folder, 'admin.macaroon') }
  const { ready } = await start(configOf(folder, { bank, lnd }))
  const detail = expect.stringMatching(/admin\.macaroon.*cannot be read.*lightning\.lnd/)
  expect((await ready()).rails).toMatchObject([
    { rail: 'lightning', state: 'closed', detail },
    { rail: 'bank', state: 'open' },
  ])
})

test('a gateway without a chain starts, takes money, and starts again', async () => {
  const folder = newFolder()
  const bank = join(folder, 'bank')
  mkdirSync(bank)
  const config = configOf(folder, { bank })
  const first = await serve(config)
  await first.close()
  const { call, ready } = await start(config)
  expect(await ready()).toMatchObject({ status: 'ready', rails: [{ rail: 'bank', state: 'open' }] })
  const seller = await call<{ id: string }>('POST', '/v1/parties', { name: 'seller' })
  const intent = await call<Intent>('POST', '/v1/payment_intents', wanted(seller.id))
  expect(outside(intent)).toEqual(['bank'])
  // Its bank has not sent a statement yet.
  expect(await call('GET', '/v1/verify')).toMatchObject({ journal: { verdict: 'unbroken' }, sums: [], rails: [{ verdict: 'silent' }] })
})

test('a gateway without any rail keeps its books', async () => {
  const { call, ready } = await start(configOf(newFolder(), {}))
  expect(await ready()).toMatchObject({ status: 'ready', rails: [] })
  expect(await call('GET', '/v1/verify')).toMatchObject({ ok: true })
})

test('a chain that is added later is never told to pay to nobody: a party gets a table of its own anew', async () => {
  const folder = newFolder()
  const without = await openGateway(configOf(folder, {}))
  const { party } = await without.parties.parties.create({ name: 'seller' })
  const before = await without.parties.splits.house(party.id)
  expect(await without.parties.splits.house(party.id)).toBe(before)
  await without.close()
  const gateway = await openGateway(configOf(folder, { evm: chain.rpcUrl }))
  onTestFinished(() => gateway.close())
  const { splits } = gateway.parties
  const house = await splits.house(party.id)
  expect(house.payees).toMatchObject([{ party: party.id, account: splits.operator }])
  expect([house.splitId === before.splitId, splits.get(before.key).house]).toEqual([false, party.id])
})
