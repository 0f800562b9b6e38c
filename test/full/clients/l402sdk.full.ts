import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { walletOf } from '../../clients/shop.ts'
import { forkWorld, type Shop } from '../../clients/world.ts'
import { INSTALL_MS_MAX, pythonPackages, runPython } from './pythonClients.ts'

let packages: string
let shop: Shop
let world: ReturnType<typeof forkWorld>
beforeAll(async () => {
  packages = await pythonPackages()
  world = forkWorld()
  shop = await world.ready
}, INSTALL_MS_MAX)
afterAll(() => world?.stop())

/** The customer's node behind `/v1/pay` of Core Lightning: the client has no wallet of its own, and no wallet but those of programs. */
async function coreLightning(wallet: ReturnType<typeof walletOf>) {
  const server = createServer(async (request, response) => {
    const { bolt11 } = JSON.parse(await text(request)) as { bolt11: string }
    const { preimage } = await wallet.payInvoice({ invoice: bolt11 })
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(preimage, 'hex'))).toString('hex')
    const paid = { payment_preimage: preimage, payment_hash: hash, status: 'complete', amount_msat: 2_000, amount_sent_msat: 2_000 }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(paid))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // It listens on a port.
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) }
}

type Answered = { status: number; body: { served: number }; paid: boolean; cached: boolean; spent: number }[]

test('l402sdk pays an invoice for a request, and one for the three of a pass, whose token it keeps', async () => {
  const wallet = walletOf(shop)
  const node = await coreLightning(wallet)
  try {
    const paths = ['/joke', '/stories', '/stories', '/stories', '/stories']
    const answers = await runPython<Answered>(packages, 'l402sdk.py', { url: shop.url, node: node.url, paths })
    expect(answers.map(({ status, paid, cached }) => [status, paid, cached])).toEqual([
      [200, true, false],
      [200, true, false],
      [200, false, true],
      [200, false, true],
      [200, true, false],
    ])
    expect(new Set(answers.map(({ body }) => body.served)).size).toBe(5)
    expect(wallet.paid).toHaveLength(3)
  } finally {
    await node.close()
  }
})
