import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { CUSTOMER_UNITS, openPaidRoute, type PaidRouteWorld, USDC } from '../paidRoute/paidRouteWorld.ts'

// Work of node:http that throws when it has written a part of its answer, or ends too late.
let world: PaidRouteWorld
let gateway: string
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  gateway = await world.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => world?.close())

const spent = () => CUSTOMER_UNITS - world.has(accounts.party(world.customer.id), USDC)
const pays = () => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() })

type Work = (response: ServerResponse) => Promise<void>

async function shop(work: Work): Promise<{ url: string; errors: string[] }> {
  const seller = createSeller({ gateway, key: world.sellerKey, log: () => {} })
  const errors: string[] = []
  const sell = seller.node({ price: usd('0.002') }, (_: IncomingMessage, response: ServerResponse) => work(response))
  const server = createServer((request, response) => {
    sell(request, response).catch((error: Error) => errors.push(error.message))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await seller.settled()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, errors } // It listens on a port.
}

const breaksOff =
  (contentType: string, sent: Promise<unknown>): Work =>
  async (response) => {
    response.writeHead(200, { 'content-type': contentType })
    response.write('half of it')
    await sent
    throw new Error('cut')
  }

test('what was held of an answer that broke off is not given', async () => {
  const [before, { url, errors }] = [spent(), await shop(breaksOff('text/plain', Promise.resolve()))]
  const answer = await fetch(url, { headers: pays() })
  expect([answer.status, await answer.text(), spent() - before]).toEqual([500, 'Internal Server Error', 0n])
  expect(errors).toEqual(['cut'])
})

test('an answer that breaks off in the stream ends the line, so that nobody takes it for whole', async () => {
  const { promise: seen, resolve } = Promise.withResolvers<void>()
  const { url, errors } = await shop(breaksOff('text/event-stream', seen))
  const answer = await fetch(url, { headers: pays() })
  expect(answer.status).toBe(200)
  resolve()
  await expect(answer.text()).rejects.toThrow()
  expect(errors).toEqual(['cut'])
})

test('an answer that came too late is replaced by the word of that', async () => {
  const before = spent()
  const { url } = await shop(async (response) => {
    world.pass(130_000)
    while (spent() !== before) await new Promise((resolve) => setTimeout(resolve, 20))
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 4 }).end('done')
  })
  const answer = await fetch(url, { headers: pays() })
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([409, 'request_interrupted'])
})
