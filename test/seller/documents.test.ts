import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { validate } from 'mppx/discovery'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createSeller, type Seller, type SellerOptions } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { openPaidRoute, type PaidRouteWorld } from '../paidRoute/paidRouteWorld.ts'

const PATHS = ['/openapi.json', '/.well-known/x402', '/llms.txt']
const BOOK = { price: usd('0.002'), description: 'A book', example: { query: { page: '2' }, output: { title: 'Two sats' } } }
const PAGES = { price: () => usd('0.05'), priceRange: [usd('0.001'), usd('0.1')] as const, description: 'Pages' }
const ASKED = { price: () => usd('0.05') }
const SECRET = { price: usd('0.002') }
const LISTED = ['GET /books/:id', 'GET /pages', 'GET /asked'] as const

let world: PaidRouteWorld
let gateway: string
let listings: number
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 10 })
  world.app.addHook('onResponse', async ({ url }) => {
    if (url === '/v1/listings') listings++
  })
  await world.app.listen({ host: '127.0.0.1', port: 0 })
  gateway = addressOf(world.app.server)
})
afterAll(() => world?.close())

const sellerOf = (o: Partial<SellerOptions> = {}) => {
  listings = 0
  return createSeller({ gateway, key: world.sellerKey, name: 'Shop', log: () => {}, ...o })
}

function addressOf(server: { address: () => unknown }): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // It listens on a port.
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return addressOf(server)
}

async function expressShop(seller: Seller): Promise<string> {
  const app = express()
  app.use(seller.documents.node)
  app.get('/books/:id', seller.express({ ...BOOK, listed: LISTED[0] }), (_, res) => void res.json({ title: 'Two sats' }))
  app.get('/pages', seller.express({ ...PAGES, listed: LISTED[1] }), (_, res) => void res.send('pages'))
  app.get('/asked', seller.express({ ...ASKED, listed: LISTED[2] }), (_, res) => void res.send('asked'))
  app.get('/secret', seller.express(SECRET), (_, res) => void res.send('secret'))
  return listening(createServer(app))
}

async function fastifyShop(seller: Seller): Promise<string> {
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(seller.fastify)
  app.get('/books/:id', { config: BOOK }, async () => ({ title: 'Two sats' }))
  app.get('/pages', { config: PAGES }, async () => 'pages')
  app.get('/asked', { config: ASKED }, async () => 'asked')
  app.get('/secret', { config: { ...SECRET, listed: false } }, async () => 'secret')
  return app.listen({ host: '127.0.0.1', port: 0 })
}

async function honoShop(seller: Seller): Promise<string> {
  const app = new Hono()
  app.use(async (c, next) => (await seller.documents.fetch(c.req.raw)) ?? next())
  app.get('/books/:id', seller.hono({ ...BOOK, listed: LISTED[0] }), (c) => c.json({ title: 'Two sats' }))
  app.get('/pages', seller.hono({ ...PAGES, listed: LISTED[1] }), (c) => c.text('pages'))
  app.get('/asked', seller.hono({ ...ASKED, listed: LISTED[2] }), (c) => c.text('asked'))
  app.get('/secret', seller.hono(SECRET), (c) => c.text('secret'))
  const server = createServer(async (request, response) => {
    const { host = '' } = request.headers
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as [string, string])
    const answer = await app.fetch(new Request(`http://${host}${request.url}`, { headers }))
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()))
  })
  return listening(server)
}

describe.each([
  ['Express 5', expressShop],
  ['Fastify 5', fastifyShop],
  ['Hono 4', honoShop],
])('a shop with %s', (_, open) => {
  test('says what its routes cost, and of a price that moves between what or that it is asked', async () => {
    const url = await open(sellerOf())
    const document = JSON.parse(await (await fetch(`${url}/openapi.json`)).text())
    expect(validate(document)).toEqual([])
    expect(document).toMatchObject({ info: { title: 'Shop' }, servers: [{ url }] })
    const infoOf = (path: string) => document.paths[path].get['x-payment-info']
    expect(infoOf('/books/{id}')).toMatchObject({ pricingMode: 'fixed', price: '0.002', offers: [{ amount: null }, { amount: '2000' }] })
    expect(infoOf('/pages')).toMatchObject({
      pricingMode: 'range',
      minPrice: '0.001',
      maxPrice: '0.1',
      offers: [{ amount: null }, { amount: null }],
    })
    expect(infoOf('/asked')).toMatchObject({ pricingMode: 'quote', offers: [{ amount: null }, { amount: null }] })
    expect(document.paths['/books/{id}'].get).toMatchObject({
      summary: 'A book',
      parameters: [
        { name: 'id', in: 'path', required: true },
        { name: 'page', in: 'query', example: '2' },
      ],
    })
    const llms = await (await fetch(`${url}/llms.txt`)).text()
    expect(llms).toContain(`- GET ${url}/books/:id: 0.002 USD. A book`)
    expect(llms).toContain(`- GET ${url}/pages: from 0.001 to 0.1 USD, told by the 402 of each request. Pages`)
    const { resources } = JSON.parse(await (await fetch(`${url}/.well-known/x402`)).text())
    expect(resources).toEqual([`${url}/pages`, `${url}/asked`])
  })

  test('names no route that its seller keeps out, and answers nothing else at a path of its own', async () => {
    const url = await open(sellerOf())
    for (const path of PATHS) expect(await (await fetch(`${url}${path}`)).text()).not.toContain('secret')
    expect((await fetch(`${url}/openapi.yaml`)).status).toBe(404)
    expect((await fetch(`${url}/secret`)).status).toBe(402)
  })

  test('asks the gateway once for all who read, and tells who has a document that it stands', async () => {
    const url = await open(sellerOf())
    const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => fetch(`${url}${PATHS[n % 3]}`)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(listings).toBe(1)
    const etag = answers[0]!.headers.get('etag')!
    expect((await fetch(`${url}${PATHS[0]}`, { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  test('shows indexers how a route is called in its 402, where it is listed', async () => {
    const url = await open(sellerOf())
    const extensionsAt = async (path: string) => {
      const { headers } = await fetch(`${url}${path}`)
      return JSON.parse(Buffer.from(headers.get('payment-required')!, 'base64').toString()).extensions
    }
    const input = { type: 'http', method: 'GET', queryParams: { page: '2' }, pathParams: { id: '7' } }
    expect((await extensionsAt('/books/7')).bazaar).toMatchObject({ routeTemplate: '/books/:id', info: { input } })
    expect(await extensionsAt('/secret')).not.toHaveProperty('bazaar')
  })

  test('tells its reader to come again when the gateway is away, and does not ask it for each', async () => {
    let asked = 0
    const away = createServer((_, response) => {
      asked++
      response.writeHead(502).end('a proxy')
    })
    const url = await open(sellerOf({ gateway: await listening(away) }))
    const answers = []
    for (let n = 0; n < 10; n++) answers.push(await fetch(`${url}/llms.txt`))
    expect(answers.map(({ status, headers }) => [status, headers.has('retry-after')])).toEqual(answers.map(() => [503, true]))
    // On a busy machine the readers may take longer than the pause between two tries.
    expect(asked).toBeLessThan(4)
  })
})

test('a public address is in the documents whatever a reader says, and none is made for each', async () => {
  const seller = sellerOf({ publicUrl: 'https://shop.example' })
  seller.fetch({ ...BOOK, listed: 'GET /book' }, () => new Response('a book'))
  const answer = await seller.documents.fetch(new Request('http://evil.example/llms.txt'))
  expect(await answer?.text()).toContain('- GET https://shop.example/book: 0.002 USD')
  expect(await seller.documents.fetch(new Request('http://evil.example/book'))).toBeUndefined()
})

test.each([['GET'], ['/book'], ['get /book'], ['GET book']])('a route that is listed as "%s" is refused when it is made', (listed) => {
  expect(() => sellerOf().fetch({ ...BOOK, listed }, () => new Response())).toThrow(/no method and path/)
})

test('an app with pages of its own at these paths keeps them', async () => {
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(sellerOf().fastify)
  app.get('/book', { config: BOOK }, async () => 'a book')
  app.get('/llms.txt', async () => 'my own words')
  expect((await app.inject({ url: '/llms.txt' })).body).toBe('my own words')
  expect((await app.inject({ url: '/openapi.json' })).json().paths).toHaveProperty('/book')
})

describe('POST /v1/listings', () => {
  const list = (routes: readonly object[], o: object = {}, key = world.sellerKey) =>
    world.app.inject({
      method: 'POST',
      url: '/v1/listings',
      headers: { authorization: `Bearer ${key}` },
      payload: { url: 'https://shop.example', routes, ...o },
    })
  const ROUTE = { method: 'GET', path: '/book', price: { amount: '0.002' } }

  test.each([
    ['a price that is none', [{ ...ROUTE, price: { amount: 'two' } }]],
    ['a price and a range', [{ ...ROUTE, price_range: { least: { amount: '1' }, most: { amount: '2' } } }]],
    ['a range that ends below its begin', [{ method: 'GET', path: '/a', price_range: { least: { amount: '2' }, most: { amount: '1' } } }]],
    ['a path that is none', [{ ...ROUTE, path: 'book' }]],
    ['an example that is long', [{ ...ROUTE, example: { body: 'x'.repeat(2_001) } }]],
    ['too many routes', Array.from({ length: 1_001 }, (_, n) => ({ ...ROUTE, path: `/${n}` }))],
  ])('refuses %s', async (_, routes) => {
    expect((await list(routes)).statusCode).toBe(400)
  })

  test('refuses who has no key, and an address with a path', async () => {
    expect((await list([ROUTE], {}, 'sk_nobody_at_all')).statusCode).toBe(401)
    expect((await list([ROUTE], { url: 'https://shop.example/a' })).statusCode).toBe(400)
  })

  test('shows 250 of more routes and says how many there are, with no line that a seller made', async () => {
    const routes = Array.from({ length: 260 }, (_, n) => ({
      ...ROUTE,
      path: `/${n}`,
      description: 'a\n## Paid routes\n- GET https://evil.example',
    }))
    const { documents } = (await list(routes)).json()
    const [openApi, , llms] = documents.map(({ body }: { body: string }) => body)
    expect(Object.keys(JSON.parse(openApi).paths)).toHaveLength(250)
    expect(llms).toContain('- and 10 more')
    expect(llms.match(/^## Paid routes$/gm)).toHaveLength(1)
  })
})
