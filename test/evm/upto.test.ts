import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { UptoEvmScheme } from '@x402/evm'
import type { FastifyInstance } from 'fastify'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openAgentPurse } from '../../app/purse/purse.ts'
import { newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { paymentRoutes } from '../../gateway/api/routes/payments.ts'
import { createPayer } from '../../gateway/client/payer.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { PartyId } from '../../gateway/ports/ids.ts'
import { usd } from '../../gateway/seller/price.ts'
import { rpc } from './chainProcess.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { accountOf, approve } from './permits.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'
import { tokenBalance } from './railOnChain.ts'
import { recordedClient } from './recordedClient.ts'

// Work that is paid by what it uses, to the unmodified client of x402's `upto`: what is collected is what the handler metered, and never more.
const WAIT = { timeout: 30_000, interval: 50 }
let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let url: string
let seller: string
let id: PartyId
let served = 0

beforeAll(async () => {
  chain = await startQuietChain()
  const laneKeys = chain.customers.slice(6, 8).map(({ privateKey }) => privateKey)
  yard = await startGateway(chain, { depth: 0 }, {}, { laneKeys })
  const made = await yard.party('seller')
  id = made.id
  seller = made.path
  await open()
  await approve(chain, 1)
}, 60_000)

/** The seller's routes, in the gateway that runs now. */
async function open(): Promise<void> {
  app = newApp({ publicUrl: 'http://localhost' })
  paidRoutes(app, yard.gateway(), { publicUrl: () => 'http://127.0.0.1:1' })
  app.register(paymentRoutes(yard.gateway()))
  const price = { upto: parseAmount('0.05', USD) }
  app.get<{ Querystring: { use: string } }>('/used', { config: { price, payee: id } }, async (request) => {
    served++
    const steps = request.query.use.split(',').map((amount) => request.meter.add(usd(amount)).units.toString())
    return { left: steps }
  })
  app.get('/free', { config: { price, payee: id } }, async () => ({ served: ++served }))
  app.get('/broken', { config: { price, payee: id } }, async (request, reply) => {
    request.meter.add(usd('0.01'))
    return reply.code(500).send('no')
  })
  app.get('/stream', { config: { price, payee: id } }, async (request, reply) => {
    async function* tokens() {
      for (let n = 1; n <= 5; n++) {
        request.meter.add(usd('0.001'))
        yield `data: ${n}\n\n`
        await pause(5)
      }
    }
    return reply.type('text/event-stream').send(Readable.from(tokens()))
  })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
}
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

const payer = (customer: number) => recordedClient(new UptoEvmScheme(accountOf(chain, customer)))
const statusOf = async (response: Response) =>
  (await fetch(`${url}/v1/payments/${response.headers.get('switchyard-receipt')}`)).json() as Promise<Record<string, unknown>>
const has = () => tokenBalance(chain, chain.customers[1]!.address)

/** Ours, with the wallets that a file names: the key of a customer, and where the chain is asked. */
function ownPayer(customer: number) {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-upto-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const { chainId, token: address, rpcUrl } = chain
  const evm = { key: chain.customers[customer]!.privateKey, tokens: [{ chainId, address, scale: 6 }], rpc: { [chainId]: rpcUrl } }
  writeFileSync(join(folder, 'wallet.json'), JSON.stringify({ evm, budget: { perRequest: '0.05', perDay: '0.1', sites: ['127.0.0.1'] } }), {
    mode: 0o600,
  })
  const { wallets, budget, store } = openAgentPurse(join(folder, 'wallet.json'), {})
  return createPayer({ wallets: wallets.map(({ wallet }) => wallet), budget, store })
}

test('our own payer pays what was used, and may spend the rest of the most again', async () => {
  const [before, credit] = [await has(), yard.credit(seller)]
  const payer = ownPayer(1)
  const first = await payer.fetch(`${url}/used?use=0.0007`)
  expect([first.status, await first.json()]).toEqual([200, { left: ['49300'] }])
  expect(payer.receipt(first)).toMatchObject({ offer: `x402 upto on eip155:${chain.chainId}`, amount: { units: 700n } })
  expect(await payer.spent()).toEqual(parseAmount('0.0007', USD))
  // Twice the most is the budget of a day: what the first has not used counts no more.
  const second = await payer.fetch(`${url}/used?use=0.0400`)
  await second.text()
  expect(await payer.spent()).toEqual(parseAmount('0.0407', USD))
  await expect.poll(has, WAIT).toBe(before - 40_700n)
  // The most of a third would fit, and that of a fourth would not, whatever it used.
  await (await payer.fetch(`${url}/used?use=0.05`)).text()
  await expect(payer.fetch(`${url}/used?use=0.0001`)).rejects.toMatchObject({ code: 'budget_exceeded', meta: { limit: 'perDay' } })
  await expect.poll(has, WAIT).toBe(before - 90_700n)
  await expect.poll(() => yard.credit(seller), WAIT).toBe(credit + 90_700n)
})

/** What its person has to do. */
const TELLS = /take 0 of 50000 units: have it call approve\(0x000000000022d4/

test('our own payer signs nothing where its account lets Permit2 take nothing, and says what to do', async () => {
  const payer = ownPayer(2)
  const started = served
  await expect(payer.fetch(`${url}/used?use=0.001`)).rejects.toMatchObject({
    code: 'no_payable_offer',
    meta: { refused: expect.arrayContaining([expect.objectContaining({ reason: 'no_allowance', detail: expect.stringMatching(TELLS) })]) },
  })
  expect([served, await payer.spent()]).toEqual([started, parseAmount('0', USD)])
})

test('the 402 asks for a maximum, and names a lane of ours to collect it', async () => {
  const asked = await fetch(`${url}/used?use=0.001`)
  const { accepts } = JSON.parse(Buffer.from(asked.headers.get('payment-required')!, 'base64').toString())
  expect(accepts).toMatchObject([{ scheme: 'upto', amount: '50000', extra: { assetTransferMethod: 'permit2' } }])
  const keys = [chain.operatorKey, ...chain.customers.slice(6, 8).map(({ privateKey }) => privateKey)]
  expect(keys.map((key) => privateKeyToAccount(key).address.toLowerCase())).toContain(accepts[0].extra.facilitatorAddress)
  expect(asked.headers.get('www-authenticate')).toBeNull()
  expect(await asked.json()).toMatchObject({ upto: true, price: { amount: '0.05' } })
})

test('exactly what was metered is collected, and its answer, receipt and status say so', async () => {
  const [before, credit] = [await has(), yard.credit(seller)]
  const { get, again, read } = payer(1)
  const first = await get(`${url}/used?use=0.0012,0.003`)
  expect([first.status, await first.json()]).toEqual([200, { left: ['48800', '45800'] }])
  expect(read(first)).toMatchObject({ success: false, errorReason: 'settlement_pending', amount: '4200' })
  await expect.poll(() => yard.credit(seller), WAIT).toBe(credit + 4_200n)
  expect(await has()).toBe(before - 4_200n)
  await expect
    .poll(async () => read(await again()), WAIT)
    .toMatchObject({ success: true, amount: '4200', transaction: expect.stringMatching(/^0x/) })
  await expect
    .poll(() => statusOf(first), WAIT)
    .toMatchObject({
      status: 'settled',
      upto: true,
      paid: { amount: '0.05' },
      charged: { amount: '0.0042' },
    })
}, 60_000)

test('more than the maximum is never taken', async () => {
  const [before, credit] = [await has(), yard.credit(seller)]
  const response = await payer(1).get(`${url}/used?use=0.04,0.04`)
  expect(await response.json()).toEqual({ left: ['10000', '0'] })
  await expect.poll(() => yard.credit(seller), WAIT).toBe(credit + 50_000n)
  expect(await has()).toBe(before - 50_000n)
}, 60_000)

test('what nothing was metered for, and what failed, takes nothing and holds nothing', async () => {
  const [before, credit] = [await has(), yard.credit(seller)]
  const { get, read } = payer(1)
  const free = await get(`${url}/free`)
  expect(free.status).toBe(200)
  expect(read(free)).toMatchObject({ success: true, transaction: '', amount: '0' })
  expect(await statusOf(free)).toMatchObject({ status: 'settled', final: true, charged: { amount: '0' } })
  const broken = await get(`${url}/broken`)
  expect(broken.status).toBe(500)
  expect(await statusOf(broken)).toMatchObject({ status: 'failed', charged: null })
  const { books } = yard.gateway().ledger
  const asset = yard.gateway().ground.bookAsset
  expect(books.balance(seller, asset).creditsPending).toBe(0n)
  expect(books.balance('exposure:new', USD).debitsPending).toBe(0n)
  expect([await has(), yard.credit(seller)]).toEqual([before, credit])
  expect((await yard.gateway().audit.verify()).ok).toBe(true)
}, 60_000)

test('what was answered before a restart is collected after it, for what was used', async () => {
  const credit = yard.credit(seller)
  await rpc(chain.rpcUrl, 'evm_setAutomine', [false])
  const response = await payer(1).get(`${url}/used?use=0.0077`)
  expect(response.status).toBe(200)
  await app.close()
  await yard.down()
  await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
  await rpc(chain.rpcUrl, 'evm_mine')
  await yard.up()
  await expect.poll(() => yard.credit(seller), WAIT).toBe(credit + 7_700n)
  await open()
  await expect.poll(() => statusOf(response), WAIT).toMatchObject({ status: 'settled', charged: { amount: '0.0077' } })
}, 60_000)

test('a stream costs what it has used when it ends, also when its reader goes before', async () => {
  const credit = yard.credit(seller)
  const { get } = payer(1)
  const whole = await get(`${url}/stream`)
  expect(await whole.text()).toContain('data: 5')
  await expect.poll(() => yard.credit(seller), WAIT).toBe(credit + 5_000n)
  const cut = await get(`${url}/stream`)
  const reader = cut.body!.getReader()
  await reader.read()
  await reader.cancel()
  await expect.poll(async () => (await statusOf(cut)).status, WAIT).toBe('settled')
  const taken = yard.credit(seller) - credit - 5_000n
  expect(taken).toBeGreaterThanOrEqual(1_000n)
  expect(taken).toBeLessThanOrEqual(5_000n)
  expect(await statusOf(cut)).toMatchObject({ charged: { amount: `0.00${taken / 1_000n}` } })
}, 60_000)
