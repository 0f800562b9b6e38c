import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { openPaidRoute, type PaidRouteWorld } from '../paidRoute/paidRouteWorld.ts'

let world: PaidRouteWorld
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  await world.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = world.app.server.address() as AddressInfo // It listens on a port.
  vi.stubEnv('SWITCHYARD_URL', `http://127.0.0.1:${port}`)
  vi.stubEnv('SWITCHYARD_KEY', world.sellerKey)
  vi.stubEnv('PORT', '0')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await world?.close()
})

const pays = () => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() })

test('the example of Express sells a joke, and shouts for a price by the length', async () => {
  const { server } = await import('../../examples/express/shop.ts')
  if (!server.listening) await once(server, 'listening')
  const { port } = server.address() as AddressInfo // It listens on a port.
  const base = `http://127.0.0.1:${port}`
  expect((await fetch(`${base}/joke`)).status).toBe(402)
  expect(await (await fetch(`${base}/joke`, { headers: pays() })).json()).toEqual({ joke: 'Two sats walk into a channel.' })
  const shout = (text: string, headers: object) =>
    fetch(`${base}/shout`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ text }) })
  expect((await (await shout('x'.repeat(200), {})).json()).price.amount).toBe('0.01')
  expect(await (await shout('quiet', pays())).text()).toBe('QUIET')
  await new Promise((resolve) => server.close(resolve))
})

test('the example of Hono sells a joke and books', async () => {
  const { app, server } = await import('../../examples/hono/shop.ts')
  onTestFinished(() => void server.close())
  expect((await app.request('http://jokes.example/books/7')).status).toBe(402)
  expect(await (await app.request('http://jokes.example/joke', { headers: pays() })).json()).toEqual({
    joke: 'Two sats walk into a channel.',
  })
})

test('the example of Fastify sells a joke and books', async () => {
  const { app } = await import('../../examples/fastify/shop.ts')
  onTestFinished(() => app.close())
  expect((await app.inject('/books/7')).json().price).toEqual({ asset: 'USD', amount: '0.05' })
  const headers = { 'switchyard-version': '2026-11-23' }
  expect((await app.inject({ url: '/books/7', headers })).json().price).toEqual({ asset: 'USD', units: '50000', decimal: '0.05' })
  const { port } = app.server.address() as AddressInfo // It listens on a port.
  expect(await (await fetch(`http://127.0.0.1:${port}/joke`, { headers: pays() })).json()).toEqual({
    joke: 'Two sats walk into a channel.',
  })
})

test('the example of a handler gives today for nothing, and the days to come for a price', async () => {
  const { handler } = await import('../../examples/fetch/shop.ts')
  const ask = (days: string, headers = {}) => handler(new Request(`http://127.0.0.1/forecast${days}`, { headers }))
  expect((await ask('')).status).toBe(200)
  expect((await (await ask('?days=3')).json()).price.amount).toBe('0.03')
  expect(await (await ask('?days=3', pays())).json()).toEqual({ forecast: 'sats', days: '3' })
})

test('the example of an agent buys jokes until its budget is spent, and is told what each costs', async () => {
  vi.stubEnv('SWITCHYARD_KEY', world.customer.key)
  vi.stubEnv('JOKE', '/joke')
  const { buyJokes } = await import('../../examples/agent-with-budget/agent.ts')
  expect(world.ran()).toBe(2)
  expect(await buyJokes()).toEqual([])
})
