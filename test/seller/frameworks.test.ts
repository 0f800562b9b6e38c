import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { createSeller, type Seller } from '../../gateway/seller/createSeller.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from '../paidRoute/paidRouteWorld.ts'
import { BYTES, expressShop, fastifyShop, fetchShop, honoShop, LONG, nodeShop, PARTS, type Shop } from './shops.ts'

const PRICE_UNITS = 2_000n

let world: PaidRouteWorld
let gateway: string
let lines: string[]
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 1_000 })
  gateway = await world.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => world?.close())
beforeEach(() => {
  lines = []
})

const earned = () => world.has(accounts.party(world.seller), USDC)

describe.each([
  ['Express 5', expressShop],
  ['Fastify 5', fastifyShop],
  ['Hono 4', honoShop],
  ['a fetch handler', fetchShop],
  ['node:http', nodeShop],
])('a shop with %s', (_, open) => {
  let seller: Seller
  let shop: Shop
  let ran: number
  beforeAll(async () => {
    seller = createSeller({ gateway, key: world.sellerKey, log: (line) => lines.push(line) })
    shop = await open(seller, { joke: () => `joke ${++ran}` })
  })
  afterAll(() => shop?.close())
  beforeEach(() => {
    ran = 0
  })

  const pays = (key = crypto.randomUUID()) => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': key })
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${shop.url}${path}`, { headers })

  test('asks for its price with a 402 for every client, and does nothing', async () => {
    const answer = await get('/joke')
    expect(answer.status).toBe(402)
    expect(answer.headers.get('www-authenticate')).toMatch(/^L402 .*, Payment /)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const required = JSON.parse(atob(answer.headers.get('payment-required')!))
    expect(required.resource.url).toBe(`${shop.url}/joke`)
    expect(await answer.json()).toMatchObject({ code: 'payment_required' })
    expect(ran).toBe(0)
  })

  test('shows a browser the same 402 as a page', async () => {
    const answer = await get('/joke', { accept: 'text/html,*/*;q=0.8', 'accept-language': 'de' })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([402, 'text/html; charset=utf-8'])
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('www-authenticate')).toMatch(/^L402 .*, Payment /)
    expect(await answer.text()).toMatch(/<html lang="de".*data-accepted=/s)
    expect(ran).toBe(0)
  })

  test('runs once for a payment, with a receipt, and repeats its answer', async () => {
    const [paid, before] = [pays(), earned()]
    const answers = await Promise.all(Array.from({ length: 5 }, () => get('/joke', paid)))
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(texts).toEqual(texts.map(() => 'joke 1'))
    const receipts = new Set(answers.map(({ headers }) => headers.get('switchyard-receipt')))
    expect([...receipts]).toEqual([expect.stringMatching(/^rc_/)])
    expect(answers.filter(({ headers }) => headers.has('idempotent-replayed'))).toHaveLength(4)
    expect([ran, earned() - before]).toEqual([1, PRICE_UNITS])
  })

  test('gives what it was sent, and takes another body for another request', async () => {
    const paid = { ...pays(), 'content-type': 'application/json' }
    const send = (body: object) => fetch(`${shop.url}/echo`, { method: 'POST', headers: paid, body: JSON.stringify(body) })
    const first = await send({ n: 1 })
    expect([first.status, await first.json()]).toEqual([200, { n: 1 }])
    expect((await send({ n: 1 })).headers.get('idempotent-replayed')).toBe('true')
    const other = await send({ n: 2 })
    expect([other.status, (await other.json()).code]).toEqual([422, 'idempotency_key_reused'])
  })

  test('gives a long answer whole, once', async () => {
    const paid = pays()
    const answer = await get('/long', paid)
    expect([answer.status, await answer.text()]).toEqual([200, LONG])
    expect(answer.headers.get('switchyard-receipt')).toMatch(/^rc_/)
    const again = await get('/long', paid)
    expect([again.status, (await again.json()).code]).toEqual([410, 'answer_not_kept'])
  })

  test('gives bytes as they are', async () => {
    const answer = await get('/bytes', pays())
    expect([answer.status, new Uint8Array(await answer.arrayBuffer())]).toEqual([200, BYTES])
  })

  test('gives a stream as it comes, with the receipt before its end', async () => {
    const answer = await get('/parts', pays())
    expect([answer.status, answer.headers.get('switchyard-receipt')]).toEqual([200, expect.stringMatching(/^rc_/)])
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
    const heard: string[] = []
    for (let part = await reader.read(); !part.done; part = await reader.read()) heard.push(part.value)
    expect(heard.join('')).toBe(PARTS.join(''))
    expect(heard.length).toBeGreaterThan(1)
  })

  test('gives the money back when its work throws', async () => {
    const [paid, before] = [pays(), earned()]
    const answer = await get('/broken', paid)
    expect(answer.status).toBe(500)
    await seller.settled()
    expect(earned()).toBe(before)
    expect((await get('/broken', paid)).headers.get('idempotent-replayed')).toBe('true')
  })

  test('has a price for each request', async () => {
    const before = earned()
    const asked = await get('/pages?n=3')
    expect((await asked.json()).price).toMatchObject({ amount: '3' })
    const answer = await get('/pages?n=2', pays())
    expect([answer.status, await answer.text(), earned() - before]).toEqual([200, 'pages', 2_000_000n])
    const free = await get('/pages?n=none')
    expect([free.status, await free.text(), free.headers.has('switchyard-receipt')]).toEqual([200, 'pages', false])
  })

  test('says that its price cannot be told, and why to the seller', async () => {
    const answer = await get('/throws', pays())
    expect([answer.status, (await answer.json()).code]).toEqual([500, 'price_failed'])
    expect(lines.join()).toMatch(/no price list/)
  })
})
