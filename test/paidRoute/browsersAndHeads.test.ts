import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openPaidRoute, type PaidRouteWorld } from './paidRouteWorld.ts'

// What a paid route answers to what is no purchase: a browser that asks whether it may, and one that wants the headers alone.
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 10 })
  onTestFinished(() => world.close())
})

type Method = 'GET' | 'HEAD' | 'OPTIONS'
const ask = (method: Method, headers: Record<string, string> = {}) => world.app.inject({ method, url: '/joke', headers })
const fromPage = { origin: 'https://page.example' }

/** The names in a header that lists names. */
const names = (value: unknown): string[] => String(value).split(', ')

async function paid(method: Method = 'GET'): Promise<{ authorization: string }> {
  const { headers } = await ask(method)
  const [, macaroon, invoice] = /L402 macaroon="([^"]*)", invoice="lnbcrt([^"]*)"/.exec([headers['www-authenticate']].flat().join())!
  return { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice!)}` }
}

const READ = ['WWW-Authenticate', 'PAYMENT-REQUIRED', 'PAYMENT-RESPONSE', 'Payment-Receipt', 'Switchyard-Receipt', 'Retry-After']

describe('a page of any origin', () => {
  test('is told without a payment that it may ask, and with which headers', async () => {
    const asking = { ...fromPage, 'access-control-request-method': 'GET', 'access-control-request-headers': 'payment-signature' }
    const { statusCode, headers, body } = await ask('OPTIONS', asking)
    expect([statusCode, body, headers['access-control-allow-origin']]).toEqual([204, '', '*'])
    expect(headers['access-control-allow-credentials']).toBeUndefined()
    expect(names(headers['access-control-allow-methods'])).toEqual(expect.arrayContaining(['GET', 'HEAD']))
    const allowed = names(headers['access-control-allow-headers']).map((name) => name.toLowerCase())
    expect(allowed).toEqual(
      expect.arrayContaining(['authorization', 'payment-signature', 'idempotency-key', 'content-type', 'accept-payment']),
    )
    expect(world.lightning.asked).not.toContain('offer')
  })

  test('reads the 402, the answer that it paid for, and a refusal, with their headers', async () => {
    const refused = { 'payment-signature': 'eA==' }
    for (const headers of [fromPage, { ...fromPage, ...(await paid()) }, { ...fromPage, ...refused }]) {
      const answer = await ask('GET', headers)
      expect(answer.headers['access-control-allow-origin']).toBe('*')
      expect(names(answer.headers['access-control-expose-headers'])).toEqual(expect.arrayContaining(READ))
    }
    expect(world.ran()).toBe(1)
  })
})

test('HEAD is told the price and never spends a proof; what it was offered pays for the GET', async () => {
  const head = await ask('HEAD')
  expect([head.statusCode, head.body]).toEqual([402, ''])
  const proof = await paid('HEAD')
  expect((await ask('HEAD', proof)).statusCode).toBe(402)
  const balance = { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': 'a-head-that-pays' }
  expect((await ask('HEAD', balance)).statusCode).toBe(402)
  expect([world.ran(), world.receipts]).toEqual([0, []])
  expect(await ask('GET', proof)).toMatchObject({ statusCode: 200, body: 'joke 1' })
})

test('a proof of a kind that is not offered is answered with the offers', async () => {
  const accepted = { scheme: 'exact', network: 'solana:mainnet', asset: 'x', payTo: 'y', amount: '1' }
  const payment = { x402Version: 2, accepted, payload: {} }
  const answer = await ask('GET', { 'payment-signature': Buffer.from(JSON.stringify(payment)).toString('base64') })
  expect([answer.statusCode, answer.json().code]).toEqual([402, 'proof_unsupported'])
  expect(answer.headers['payment-required']).toBeDefined()
})

test('HEAD spends nothing for a seller elsewhere either', async () => {
  const admit = (method: string, headers: object) =>
    world.app.inject({
      method: 'POST',
      url: '/v1/admissions',
      headers: { authorization: `Bearer ${world.sellerKey}` },
      payload: {
        attempt: crypto.randomUUID(),
        request: { method, url: 'https://shop.example/joke', route: '/joke', headers },
        price: { amount: '0.002' },
      },
    })
  const balance = { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': 'a-head-that-pays' }
  expect((await admit('HEAD', balance)).json()).toMatchObject({ kind: 'unpaid', status: 402 })
  expect(world.receipts).toEqual([])
  expect((await admit('GET', balance)).json()).toMatchObject({ kind: 'run' })
})
