import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from '../paidRoute/paidRouteWorld.ts'

// Work of node:http that throws when it has written a part of its answer.
let world: PaidRouteWorld
let gateway: string
beforeAll(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  await world.app.listen({ host: '127.0.0.1', port: 0 })
  gateway = `http://127.0.0.1:${(world.app.server.address() as AddressInfo).port}` // It listens on a port.
})
afterAll(() => world?.close())

const earned = () => world.has(accounts.party(world.seller), USDC)
const pays = () => ({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() })

async function shop(contentType: string, sent: Promise<unknown>): Promise<{ url: string; errors: string[] }> {
  const seller = createSeller({ gateway, key: world.sellerKey, log: () => {} })
  const errors: string[] = []
  const sell = seller.node({ price: usd('0.002') }, async (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': contentType })
    response.write('half of it')
    await sent
    throw new Error('cut')
  })
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

test('what was held of an answer that broke off is not given', async () => {
  const [before, { url, errors }] = [earned(), await shop('text/plain', Promise.resolve())]
  const answer = await fetch(url, { headers: pays() })
  expect([answer.status, await answer.text(), earned() - before]).toEqual([500, 'Internal Server Error', 0n])
  expect(errors).toEqual(['cut'])
})

test('an answer that breaks off in the stream ends the line, so that nobody takes it for whole', async () => {
  const { promise: seen, resolve } = Promise.withResolvers<void>()
  const { url, errors } = await shop('text/event-stream', seen)
  const answer = await fetch(url, { headers: pays() })
  expect(answer.status).toBe(200)
  resolve()
  await expect(answer.text()).rejects.toThrow()
  expect(errors).toEqual(['cut'])
})
