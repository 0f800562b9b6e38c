import type { FastifyInstance } from 'fastify'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { paymentRoutes } from '../../gateway/api/routes/payments.ts'
import { openSession, type PayingSession } from '../../gateway/client/session/openSession.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { Hex, PartyId } from '../../gateway/ports/ids.ts'
import { evmRail } from '../../gateway/ports/railName.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'

// Sessions of the Payment scheme on a chain: our payer and our gateway, over channels of the real hub.
const WAIT = { timeout: 30_000, interval: 50 }
const PRICE = 2_000n
const DEPOSIT = 4_000_000n
let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let url: string
let id: PartyId
let served = 0

beforeAll(async () => {
  chain = await startQuietChain()
  yard = await startGateway(chain, { depth: 0 })
  id = (await yard.party('seller')).id
  await open()
}, 60_000)
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

async function open(): Promise<void> {
  app = newApp({ publicUrl: 'http://localhost' })
  paidRoutes(app, yard.gateway(), { publicUrl: () => 'http://127.0.0.1:1' })
  app.register(paymentRoutes(yard.gateway()))
  const price = parseAmount('0.002', USD)
  app.get('/joke', { config: { price, payee: id, session: true } }, async () => `joke ${++served}`)
  app.get('/broken', { config: { price, payee: id, session: true } }, (_, reply) => reply.code(500).send('no joke'))
  url = await app.listen({ host: '127.0.0.1', port: 0 })
}

const signer = (customer: number) => privateKeyToAccount(chain.customers[customer]!.privateKey)
const session = (customer: number, path = '/joke', depositUnits = DEPOSIT, depositUnitsMax = depositUnits): Promise<PayingSession> =>
  openSession({ url: `${url}${path}`, signer: signer(customer), trusted: [chain], depositUnits, depositUnitsMax })

/** What the books say of a channel: what its vouchers brought, and what of that is spent or held. */
function books(channelId: Hex) {
  const gateway = yard.gateway()
  const { debitsPosted, creditsPosted, creditsPending } = gateway.ledger.books.balance(
    accounts.session(evmRail(chain.chainId), channelId),
    gateway.ground.bookAsset,
  )
  return { brought: debitsPosted, spent: creditsPosted, held: creditsPending }
}

test('a 402 offers a session beside the charge, and our payer opens one and pays a request', async () => {
  const paying = await session(0)
  const before = served
  const response = await paying.fetch(`${url}/joke`)
  expect([response.status, await response.text()]).toEqual([200, `joke ${before + 1}`])
  const receipt = JSON.parse(Buffer.from(response.headers.get('payment-receipt')!, 'base64url').toString())
  expect(receipt).toMatchObject({
    method: 'evm',
    intent: 'session',
    status: 'success',
    reference: paying.channelId,
    acceptedCumulative: `${PRICE}`,
    spent: `${PRICE}`,
  })
  expect(books(paying.channelId)).toEqual({ brought: PRICE, spent: PRICE, held: 0n })
  const status = await fetch(`${url}/v1/payments/${response.headers.get('switchyard-receipt')}`)
  expect(await status.json()).toMatchObject({ status: 'held' })
})

test('20 parallel requests on one channel are all served, each once', async () => {
  const paying = await session(1)
  const before = served
  const answers = await Promise.all(Array.from({ length: 20 }, () => paying.fetch(`${url}/joke`)))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
  expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(20)
  expect(served).toBe(before + 20)
  expect(books(paying.channelId)).toEqual({ brought: 20n * PRICE, spent: 20n * PRICE, held: 0n })
})

test('work that fails is not spent, and pays for the next request', async () => {
  const paying = await session(2, '/broken')
  const failed = await paying.fetch(`${url}/broken`)
  expect([failed.status, failed.headers.get('payment-receipt')]).toEqual([500, null])
  expect(books(paying.channelId)).toEqual({ brought: PRICE, spent: 0n, held: 0n })
  const status = await fetch(`${url}/v1/payments/${failed.headers.get('switchyard-receipt')}`)
  expect(await status.json()).toMatchObject({ status: 'failed' })
  await paying.fetch(`${url}/joke`)
  expect(books(paying.channelId)).toEqual({ brought: PRICE, spent: PRICE, held: 0n })
})
