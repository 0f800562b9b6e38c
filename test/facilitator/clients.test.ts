import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { HTTPFacilitatorClient } from '@x402/core/server'
import { ExactEvmScheme as ExactEvmPayer } from '@x402/evm'
import { ExactEvmScheme } from '@x402/evm/exact/server'
import { paymentMiddleware as expressPaywall, x402ResourceServer } from '@x402/express'
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from '@x402/fetch'
import { paymentMiddleware as honoPaywall } from '@x402/hono'
import express from 'express'
import { Hono } from 'hono'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type QuietChain, startQuietChain } from '../evm/quietChain.ts'
import { balanceOf, type FacilitatorWorld, openFacilitatorWorld, PAY_TO, PRICE, type Seller } from './facilitatorWorld.ts'

// A seller who has an express or hono server with x402's own middleware today, and changes one URL and one key.
let chain: QuietChain
let world: FacilitatorWorld
let seller: Seller
beforeAll(async () => {
  chain = await startQuietChain()
  world = await openFacilitatorWorld(chain)
  seller = await world.seller()
}, 120_000)
afterAll(async () => {
  await world?.close()
  await chain?.stop()
}, 30_000)

type Shop = Readonly<{ url: string; close: () => void }>
type Routes = Parameters<typeof expressPaywall>[0]

const network = () => `eip155:${chain.chainId}` as const
let ran = 0
const joke = () => `joke ${++ran}`

function routes(): Routes {
  const price = { amount: `${PRICE}`, asset: chain.token, extra: { name: chain.tokenName, version: chain.tokenVersion } }
  return {
    'GET /joke': { accepts: { scheme: 'exact', network: network(), payTo: PAY_TO, price, maxTimeoutSeconds: 300 }, description: 'a joke' },
  }
}

function resourceServer(key: string): x402ResourceServer {
  const headers = { Authorization: `Bearer ${key}` }
  const facilitator = new HTTPFacilitatorClient({
    url: `${world.url()}/x402`,
    createAuthHeaders: async () => ({ verify: headers, settle: headers, supported: headers }),
  })
  return new x402ResourceServer(facilitator).register(network(), new ExactEvmScheme())
}

async function expressShop(key: string): Promise<Shop> {
  const app = express()
  app.use(expressPaywall(routes(), resourceServer(key)))
  app.get('/joke', (_, res) => void res.send(joke()))
  const server: Server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // It listens on a port.
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() }
}

async function honoShop(key: string): Promise<Shop> {
  const app = new Hono()
  app.use(honoPaywall(routes() as Parameters<typeof honoPaywall>[0], resourceServer(key)))
  app.get('/joke', (c) => c.text(joke()))
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve({ url: `http://127.0.0.1:${port}`, close: () => void server.close() }),
    )
  })
}

/** @x402/fetch as it is. */
function payer(customer: number): typeof fetch {
  const account = privateKeyToAccount(chain.customers[customer]!.privateKey)
  const client = x402Client.fromConfig({ schemes: [{ network: 'eip155:*', client: new ExactEvmPayer(account) }], spendControls: false })
  return wrapFetchWithPayment(fetch, client)
}

beforeEach(() => {
  ran = 0
})

describe.each([
  ['@x402/express', expressShop],
  ['@x402/hono', honoShop],
])('a shop with %s and HTTPFacilitatorClient', (_, open) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await open(seller.key)
  })
  afterAll(() => shop?.close())

  test('is paid by @x402/fetch on its own account, with a transaction, and the gateway has its fee', async () => {
    const [before, fee] = [await balanceOf(chain, PAY_TO), world.yard.credit('fee:earned')]
    const answer = await payer(1)(`${shop.url}/joke`)
    expect([answer.status, await answer.text()]).toEqual([200, 'joke 1'])
    const said = decodePaymentResponseHeader(answer.headers.get('payment-response')!)
    expect(said).toMatchObject({ success: true, network: network(), transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
    expect((await balanceOf(chain, PAY_TO)) - before).toBe(PRICE)
    await expect.poll(() => world.yard.credit('fee:earned') - fee, { timeout: 30_000 }).toBeGreaterThanOrEqual(1_000n)
  }, 60_000)

  test('serves twenty payers at once', async () => {
    const before = await balanceOf(chain, PAY_TO)
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => payer(n % 4)(`${shop.url}/joke`)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect((await balanceOf(chain, PAY_TO)) - before).toBe(PRICE * 20n)
    expect(ran).toBe(20)
  }, 120_000)
})

test('a key that is nobody here settles nothing, and the payer keeps the money', async () => {
  const shop = await expressShop('sk_nobody_has_this_key')
  try {
    const before = await balanceOf(chain, PAY_TO)
    const answer = await payer(2)(`${shop.url}/joke`)
    expect(answer.ok).toBe(false)
    expect([ran, (await balanceOf(chain, PAY_TO)) - before]).toEqual([0, 0n])
  } finally {
    shop.close()
  }
}, 60_000)

test('the books agree with the chain afterwards', async () => {
  await expect.poll(async () => (await world.yard.gateway().audit.verify()).ok, { timeout: 30_000 }).toBe(true)
}, 60_000)
