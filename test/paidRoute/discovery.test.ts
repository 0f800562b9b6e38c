import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { validate } from 'mppx/discovery'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { openPaidRoute, type PaidRouteWorld } from './paidRouteWorld.ts'

const MPPX = join(import.meta.dirname, '../../node_modules/mppx/dist/bin.js')
const PATHS = ['/openapi.json', '/.well-known/x402', '/llms.txt']

let world: PaidRouteWorld
let usdcUsd = '1'
beforeEach(async () => {
  usdcUsd = '1'
  world = await openPaidRoute({ finishedKept: 10, usdcUsd: () => usdcUsd })
  onTestFinished(() => world.close())
})

const get = (url: string, headers: Record<string, string> = {}) => world.app.inject({ method: 'GET', url, headers })

test('the OpenAPI description says what each priced route costs, by every rail', async () => {
  const answer = await get('/openapi.json')
  expect(answer.statusCode).toBe(200)
  const document = answer.json()
  expect(validate(document)).toEqual([])
  expect(document['x-service-info']).toEqual({ docs: { apiReference: '/openapi.json', llms: '/llms.txt' } })
  const { get: joke } = document.paths['/joke']
  expect(joke.responses['402']).toBeDefined()
  expect(joke['x-payment-info']).toMatchObject({
    pricingMode: 'fixed',
    price: '0.002',
    protocols: ['x402', 'mpp', 'l402'],
    offers: [
      { method: 'lightning', intent: 'charge', currency: 'sat', amount: null },
      { method: 'evm', intent: 'charge', amount: '2000', currency: '0x5fbdb2315678afecb367f032d93f642f64180aa3' },
    ],
  })
})

test('an amount that moves with a rate is not told, and its price in dollars is', async () => {
  usdcUsd = '0.998'
  const { 'x-payment-info': info } = (await get('/openapi.json')).json().paths['/joke'].get
  expect(info.offers.map(({ amount }: { amount: unknown }) => amount)).toEqual([null, null])
  expect(info.price).toBe('0.002')
})

test('an offer of the description is what the 402 asks', async () => {
  const { offers } = (await get('/openapi.json')).json().paths['/opera'].get['x-payment-info']
  const { headers } = await get('/opera')
  const [accepted] = JSON.parse(Buffer.from(String(headers['payment-required']), 'base64').toString()).accepts
  const evm = offers.find(({ method }: { method: string }) => method === 'evm')
  expect([evm.amount, evm.currency]).toEqual([accepted.amount, accepted.asset])
})

test('indexers of x402 find each address once, and none that has to be filled in', async () => {
  const document = (await get('/.well-known/x402')).json()
  expect(document).toMatchObject({ x402Version: 2, version: 1, kind: 'resource-server' })
  const { resources } = document
  expect(resources).toEqual(expect.arrayContaining(['joke', 'opera', 'duet', 'echo'].map((path) => `http://127.0.0.1:1/${path}`)))
  expect(resources).toHaveLength(new Set(resources).size)
})

test('llms.txt names each paid route with its price, the rails and how to pay', async () => {
  const { body, headers } = await get('/llms.txt')
  expect(headers['content-type']).toMatch(/^text\/plain/)
  expect(body).toContain('- GET http://127.0.0.1:1/joke: 0.002 USD')
  expect(body).toContain('- POST http://127.0.0.1:1/echo: 0.002 USD')
  expect(body).toMatch(/USDC on eip155:31337 .*exact.*PAYMENT-SIGNATURE/)
  expect(body).toMatch(/Lightning: L402/)
})

test('a route that its seller keeps out is in no document, and is sold all the same', async () => {
  for (const path of PATHS) expect((await get(path)).body).not.toContain('secret')
  expect((await get('/secret')).statusCode).toBe(402)
})

test.each(PATHS)('%s is kept by its reader until it changes, and any page may read it', async (path) => {
  const { headers } = await get(path)
  expect(headers).toMatchObject({ 'cache-control': 'public, max-age=60', 'access-control-allow-origin': '*' })
  const again = await get(path, { 'if-none-match': `W/${headers.etag}` })
  expect([again.statusCode, again.body]).toEqual([304, ''])
  expect((await get(path, { 'if-none-match': '"another"' })).statusCode).toBe(200)
})

test('documents ask no rail for anything and make no invoice', async () => {
  await get('/joke')
  world.lightning.asked.length = 0
  world.chain.asked.length = 0
  for (let n = 0; n < 50; n++) for (const path of PATHS) expect((await get(path)).statusCode).toBe(200)
  expect([world.lightning.asked, world.chain.asked]).toEqual([[], []])
})

test('the unmodified `mppx validate` finds nothing to say, but that it has no wallet to pay with', { timeout: 720_000 }, async () => {
  const url = await world.app.listen({ host: '127.0.0.1', port: 0 })
  const env = { ...process.env, HOME: join(import.meta.dirname, 'no-such-home') }
  const words = ['validate', url, '--outputJson', '--header', 'accept-payment: evm/charge, lightning/charge']
  const { stdout } = await promisify(execFile)(process.execPath, [...NODE_FLAGS, MPPX, ...words], { env })
  const { summary, endpoints, discovery } = JSON.parse(stdout)
  expect(discovery).toMatchObject({ found: true, valid: true })
  expect(endpoints.map(({ method, path }: Record<string, string>) => `${method} ${path}`)).toContain('POST /echo')
  expect(summary).toMatchObject({ failed: 0, warnings: 0, suggested: 0, skipped: endpoints.length })
  for (const { path, payment, challenge } of endpoints) {
    // Only x402 has a scheme for a price that is a maximum.
    const known = path.startsWith('/metered') ? [] : [expect.objectContaining({ label: 'Payment [evm]', severity: 'skip' })]
    expect(payment, path).toEqual(known)
    expect(challenge, path).toContainEqual(expect.objectContaining({ label: 'x402 payment challenge', severity: 'pass' }))
  }
})
