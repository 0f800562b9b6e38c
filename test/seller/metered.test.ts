import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { createSeller, type Seller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from '../paidRoute/paidRouteWorld.ts'
import { type Line, meteredExpress, meteredFastify, meteredFetch, meteredHono, meteredNode } from './meteredShops.ts'
import type { Shop } from './shops.ts'

// Work that a seller elsewhere meters: what it says it used is what its payer pays, also of a stream, and whichever framework serves it.
const WAIT = { timeout: 15_000, interval: 20 }
let world: PaidRouteWorld
let gateway: string
const lines: string[] = []
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 1_000 })
  gateway = await world.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => world?.close())

const earned = () => world.has(accounts.party(world.seller), USDC)
const held = () => world.holds(accounts.party(world.customer.id), USDC)

describe.each([
  ['Express 5', meteredExpress],
  ['Fastify 5', meteredFastify],
  ['Hono 4', meteredHono],
  ['a fetch handler', meteredFetch],
  ['node:http', meteredNode],
])('work that is metered with %s', (_, open) => {
  let seller: Seller
  let shop: Shop
  let before: bigint
  const line: Line = { pauseMs: 0, given: 0 }
  beforeAll(async () => {
    seller = createSeller({ gateway, key: world.sellerKey, log: (text) => lines.push(text) })
    shop = await open(seller, line)
  })
  afterAll(() => shop?.close())
  beforeEach(() => {
    before = earned()
    Object.assign(line, { pauseMs: 0, failsAt: undefined, given: 0 })
    lines.length = 0
  })
  afterEach(() => expect(held()).toBe(0n))

  const pays = (key = crypto.randomUUID()) => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': key })
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${shop.url}${path}`, { headers })
  const taken = () => earned() - before

  test('asks for a maximum', async () => {
    const asked = await get('/used?use=0.01')
    expect([asked.status, await asked.json()]).toEqual([402, expect.objectContaining({ upto: true })])
  })

  test('is paid exactly what it used, once', async () => {
    const headers = pays()
    for (const _ of [1, 2]) {
      const answer = await get('/used?use=0.0123', headers)
      expect([answer.status, await answer.text()]).toEqual([200, '37700 left'])
    }
    expect(taken()).toBe(12_300n)
  })

  test('is paid its maximum and no more', async () => {
    const answer = await get('/used?use=3', pays())
    expect([await answer.text(), taken()]).toEqual(['0 left', 50_000n])
  })

  test('is paid nothing where it failed', async () => {
    expect((await get('/failed', pays())).status).toBe(500)
    expect(taken()).toBe(0n)
  })

  test('is paid for a stream what that had used at its end', async () => {
    line.pauseMs = 4
    const headers = pays()
    const answer = await get('/words?n=30', headers)
    expect(answer.headers.get('switchyard-receipt')).toMatch(/^rc_/)
    const text = await answer.text()
    expect(text.split('\n\n')).toHaveLength(31)
    await expect.poll(taken, WAIT).toBe(30_000n)
    const again = await get('/words?n=30', headers)
    expect([again.headers.get('content-type'), await again.text()]).toEqual([expect.stringMatching(/^text\/event-stream/), text])
    expect([again.headers.get('idempotent-replayed'), taken()]).toEqual(['true', 30_000n])
  })

  test('is paid for a stream whose reader goes what that had used by then', async () => {
    line.pauseMs = 20
    const headers = pays()
    const stop = new AbortController()
    const answer = await fetch(`${shop.url}/words`, { headers, signal: stop.signal })
    await answer.body!.getReader().read()
    stop.abort()
    await expect.poll(taken, WAIT).toBeGreaterThan(0n)
    expect(taken()).toBeLessThanOrEqual(50_000n)
    // Ahead of what was taken is at most what the stream had read for its next parts.
    expect(BigInt(line.given) * 1_000n).toBeGreaterThanOrEqual(taken())
    const again = await get('/words', headers)
    expect([again.status, (await again.json()).code]).toEqual([410, 'answer_not_kept'])
  })

  test('is paid for a stream that breaks off what that had used', async () => {
    Object.assign(line, { pauseMs: 5, failsAt: 25 })
    // Hono's helper ends the stream as if it were whole; all others break the line.
    const text = await get('/words', pays())
      .then((answer) => answer.text())
      .catch(() => 'broken')
    expect(text).not.toContain('data: 25')
    await expect.poll(taken, WAIT).toBe(24_000n)
  })

  test('of twenty streams at once each pays its own', async () => {
    line.pauseMs = 2
    const answers = await Promise.all(Array.from({ length: 20 }, async (_, n) => (await get(`/words?n=${n + 1}`, pays())).text()))
    expect(answers.map((text) => text.split('\n\n').length)).toEqual(answers.map((_, n) => n + 2))
    await expect.poll(taken, WAIT).toBe(210_000n)
    expect(lines).toEqual([])
  })
})

test('a stream ends where its time is over, and what it had used by then is paid', async () => {
  const seller = createSeller({ gateway, key: world.sellerKey, log: () => {} })
  const before = earned()
  const work = seller.fetch({ price: { upto: usd('0.05') }, answerWithinS: 1 }, (request) => {
    const meter = seller.meter(request)
    meter.add(usd('0.0042'))
    return new Response(new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode('one ')) }))
  })
  const headers = { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() }
  const reader = (await work(new Request('http://shop.example/endless', { headers }))).body!.getReader()
  expect((await reader.read()).done).toBe(false)
  await expect.poll(() => earned() - before, WAIT).toBe(4_200n)
  await expect(reader.read()).rejects.toThrow(/time of the work is over/)
  expect(held()).toBe(0n)
})

test('a route of one price has no meter, and neither has a request that is not the handler’s', async () => {
  const seller = createSeller({ gateway, key: world.sellerKey, log: () => {} })
  const meter = (request: object) => () => seller.meter(request)
  const work = seller.fetch({ price: usd('0.002') }, (request) => {
    expect(meter(request)).toThrow(expect.objectContaining({ code: 'seller_misconfigured' }))
    return new Response('one price')
  })
  const headers = { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() }
  expect(await (await work(new Request('http://shop.example/fixed', { headers }))).text()).toBe('one price')
  expect(meter({})).toThrow(expect.objectContaining({ code: 'seller_misconfigured' }))
})

test.each<[string, object]>([
  ['a maximum that is no price', { upto: '0.05' }],
  ['a maximum of nothing', { upto: { asset: 'USD', amount: '0' } }],
  ['a step that is no price', { upto: usd('0.05'), step: 0.001 }],
  ['a step above the maximum', { upto: usd('0.05'), step: usd('0.06') }],
  ['a step below a fiftieth', { upto: usd('0.05'), step: usd('0.000999') }],
])('%s is refused when the route is made', (_, price) => {
  const seller = createSeller({ gateway, key: world.sellerKey })
  expect(() => seller.express({ price: price as { upto: ReturnType<typeof usd> } })).toThrow(
    expect.objectContaining({ code: 'seller_misconfigured' }),
  )
})

test('a maximum is sold with no pass', () => {
  const seller = createSeller({ gateway, key: world.sellerKey })
  expect(() => seller.hono({ price: { upto: usd('0.05') }, pass: { uses: 10 } })).toThrow(
    expect.objectContaining({ code: 'seller_misconfigured' }),
  )
})
