import { Readable } from 'node:stream'
import Fastify, { type FastifyReply } from 'fastify'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { CUSTOMER_UNITS, openPaidRoute, type PaidRouteWorld, USDC } from '../paidRoute/paidRouteWorld.ts'

// What a seller's own framework answers: it says of some answers late what they are, and of one that nobody waits for nothing.
let world: PaidRouteWorld
let gateway: string
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  onTestFinished(() => world.close())
  gateway = await world.app.listen({ host: '127.0.0.1', port: 0 })
})
const earned = () => world.has(accounts.party(world.seller), USDC)

async function shop(answer: (reply: FastifyReply) => Promise<unknown>) {
  const seller = createSeller({ gateway, key: world.sellerKey, log: () => {} })
  const app = Fastify()
  await app.register(seller.fastify)
  app.get('/sold', { config: { price: usd('0.002') } }, (_, reply) => answer(reply))
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/sold`
  onTestFinished(() => app.close())
  const headers = { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': 'one-of-this-test' }
  return { seller, get: (signal: AbortSignal | null = null) => fetch(url, { headers, signal }) }
}

test.each<[string, (reply: FastifyReply) => unknown]>([
  ['a stream that fails before it begins', () => new Readable({ construct: (done) => done(new Error('The model fell over')) })],
  ['a Response that says so', () => new Response('no', { status: 503 })],
])('%s has failed, and nobody pays for it', async (_, answer) => {
  const { seller, get } = await shop(async (reply) => answer(reply))
  expect((await get()).status).toBeGreaterThanOrEqual(500)
  await seller.settled()
  await expect.poll(earned).toBe(0n)
})

test('a Response whose body fails before it begins has failed at once, in a fetch handler too', async () => {
  const seller = createSeller({ gateway, key: world.sellerKey, log: () => {} })
  const broken = () => new Response(new ReadableStream({ start: (to) => to.error(new Error('The model fell over')) }))
  const headers = { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': 'one-of-this-test' }
  const asked = seller.fetch({ price: usd('0.002') }, broken)(new Request('http://shop.test/sold', { headers }))
  await expect(asked).rejects.toThrow('fell over')
  await seller.settled()
  expect([earned(), world.has(accounts.party(world.customer.id), USDC)]).toEqual([0n, CUSTOMER_UNITS])
})

test('work that answers nothing after its payer has left is paid', async () => {
  const [began, left, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { seller, get } = await shop(async (reply) => {
    reply.raw.once('close', () => left.resolve())
    began.resolve()
    await go.promise
  })
  const leaves = new AbortController()
  const asked = get(leaves.signal)
  await began.promise
  leaves.abort()
  await expect(asked).rejects.toThrow('aborted')
  await left.promise
  go.resolve()
  const again = await get()
  expect([again.status, await again.text(), again.headers.get('idempotent-replayed')]).toEqual([200, '', 'true'])
  await seller.settled()
  expect(earned()).toBe(2_000n)
})
