import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from '../paidRoute/paidRouteWorld.ts'

/** What an app says before the paywall is asked, so that pages of other origins may read its answers. */
const ALLOWED = ['access-control-allow-origin', 'https://page.example'] as const
/** What it says of its own answer, before and in the work, that is not of an answer in its place. */
const OF_ANSWER = ['age', 'pragma', 'cdn-cache-control', 'surrogate-control', 'content-digest', 'location', 'etag'] as const
const COOKIE = 'visit=1'
const PRICE = { price: usd('0.002') }

let world: PaidRouteWorld
let seller: ReturnType<typeof createSeller>
const closing: (() => unknown)[] = []
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  seller = createSeller({ gateway: await world.app.listen({ host: '127.0.0.1', port: 0 }), key: world.sellerKey })
})
afterAll(async () => {
  for (const close of closing) await close()
  await world?.close()
})

/** Goes on until its payer has the money back. */
async function late(): Promise<void> {
  const spent = () => world.has(accounts.party(world.customer.id), USDC)
  const taken = spent()
  world.pass(130_000)
  while (spent() === taken) await new Promise((resolve) => setTimeout(resolve, 20))
}

async function listening(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closing.push(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // It listens on a port.
}

async function expressShop(): Promise<string> {
  const app = express()
  app.use((_, response, next) => {
    response.setHeader(...ALLOWED).setHeader('set-cookie', [COOKIE])
    for (const name of OF_ANSWER) response.setHeader(name, 'x')
    next()
  })
  app.get('/joke', seller.express(PRICE), (_, response) => void response.send('joke'))
  app.get('/late', seller.express(PRICE), async (_, response) => {
    response.appendHeader('set-cookie', 'paid=1')
    await late()
    response.send('joke')
  })
  return listening(app)
}

async function fastifyShop(): Promise<string> {
  const app = Fastify()
  app.addHook('onRequest', async (_, reply) => {
    // Of two cookies Fastify makes an array.
    reply
      .header(...ALLOWED)
      .header('set-cookie', COOKIE)
      .header('set-cookie', COOKIE)
      .header('www-authenticate', 'Basic')
    for (const name of OF_ANSWER) reply.header(name, 'x')
  })
  await app.register(seller.fastify)
  app.get('/joke', { config: PRICE }, async () => 'joke')
  app.get('/late', { config: PRICE }, async (_, reply) => {
    reply.header('set-cookie', 'paid=1')
    await late()
    return 'joke'
  })
  closing.push(() => app.close())
  return app.listen({ host: '127.0.0.1', port: 0 })
}

async function nodeShop(): Promise<string> {
  const joke = seller.node(PRICE, (_: IncomingMessage, response: ServerResponse) => response.end('joke'))
  const broken = seller.node(PRICE, (_: IncomingMessage, response: ServerResponse) => {
    response.setHeader('x-of-the-work', 'half done')
    throw new Error('broken work')
  })
  const tooLate = seller.node(PRICE, async (_: IncomingMessage, response: ServerResponse) => {
    response.appendHeader('set-cookie', 'paid=1')
    await late()
    response.end('joke')
  })
  const works: Readonly<Record<string, typeof joke>> = { '/joke': joke, '/late': tooLate }
  return listening((request, response) => {
    response.setHeader(...ALLOWED).setHeader('set-cookie', [COOKIE])
    for (const name of OF_ANSWER)
      response.setHeader(name, 'x')
      // The work threw, and the face has said so to the payer.
    ;(works[request.url!] ?? broken)(request, response).catch(() => undefined)
  })
}

const pays = () => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() })
const read = async (url: string, headers = {}) => {
  const response = await fetch(url, { headers })
  return [response.status, response.headers.get(ALLOWED[0]), response.headers.get('x-of-the-work')]
}

describe.each([
  ['Express', expressShop],
  ['Fastify', fastifyShop],
  ['node:http', nodeShop],
])('what an app of %s said before the paywall stays', (_, open) => {
  test('on the 402, on the paid answer and on its repeat', async () => {
    const url = `${await open()}/joke`
    const headers = pays()
    expect(await read(url)).toEqual([402, ALLOWED[1], null])
    expect(await read(url, headers)).toEqual([200, ALLOWED[1], null])
    expect(await read(url, headers)).toEqual([200, ALLOWED[1], null])
  })

  test('in the place of work that came too late, and nothing that the work set does', async () => {
    const { status, headers } = await fetch(`${await open()}/late`, { headers: pays() })
    expect([status, headers.get(ALLOWED[0]), new Set(headers.getSetCookie())]).toEqual([409, ALLOWED[1], new Set([COOKIE])])
    expect(OF_ANSWER.filter((name) => headers.has(name))).toEqual([])
    expect(headers.get('www-authenticate')).toBeNull()
  })
})

test('it stays in the place of work that threw, of which nothing does', async () => {
  expect(await read(`${await nodeShop()}/broken`, pays())).toEqual([500, ALLOWED[1], null])
})
