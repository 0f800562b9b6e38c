// Needs the program go: real LND and btcd are built once into the user's cache folder.

import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInvoice, getInvoice } from 'lightning'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lightningWallet } from '../../../gateway/client/lightningWallet.ts'
import { lndPayer } from '../../../gateway/client/lndPayer.ts'
import { createPayer } from '../../../gateway/client/payer.ts'
import { dollarsPerBitcoin, usd } from '../../../gateway/money/dollars.ts'
import { freePorts } from '../../freePorts.ts'
import { leastMacaroons } from './lndWorld.ts'
import { type LndNetwork, startNetwork } from './startNetwork.ts'

let network: LndNetwork
let server: Server
let site: string
let rest: string
/** What Carol asks for one answer. */
const PRICE_SATS = 20
const asked: string[] = []

beforeAll(async () => {
  const [port] = await freePorts(1)
  rest = `http://127.0.0.1:${port}`
  network = await startNetwork({ alice: [`--restlisten=127.0.0.1:${port}`, '--no-rest-tls'] })
  // A seller of her own: an invoice for each 402, and the preimage of it is the key.
  server = createServer(async (request, response) => {
    const preimage = /^L402 [^:]+:([0-9a-f]{64})$/.exec(request.headers.authorization ?? '')?.[1]
    const id = createHash('sha256')
      .update(Buffer.from(preimage ?? '', 'hex'))
      .digest('hex')
    if (preimage && (await getInvoice({ lnd: network.carol.lnd, id })).is_confirmed) return response.end('paid')
    const made = await createInvoice({ lnd: network.carol.lnd, tokens: PRICE_SATS })
    asked.push(made.id)
    response.writeHead(402, { 'www-authenticate': `L402 macaroon="AgJC", invoice="${made.request}"` }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}, 1_200_000)
afterAll(async () => {
  server?.close()
  await network?.close()
}, 60_000)

const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex')
const payer = (macaroon = hex(network.alice.adminMacaroon), url = rest) =>
  createPayer({
    wallets: [lightningWallet({ ...lndPayer({ url, macaroon }), rate: () => dollarsPerBitcoin('100000'), network: 'regtest' })],
    budget: { perRequest: usd('0.1'), perDay: usd('1'), sites: ['127.0.0.1'] },
  })

test('a real LND pays a 402 over its REST, within a fee that the budget counts', async () => {
  const mine = payer()
  const response = await mine.fetch(site)
  expect(await response.text()).toBe('paid')
  // 20 sat and at most 1 sat of routing, at 0.001 dollars each.
  expect(mine.receipt(response)).toMatchObject({ rail: 'lightning', proof: asked.at(-1), cost: usd('0.021') })
})

test('an invoice that was paid is found, and one that never was is left open', async () => {
  const { payInvoice, lookupInvoice } = lndPayer({ url: rest, macaroon: hex(network.alice.adminMacaroon) })
  const { request } = await createInvoice({ lnd: network.carol.lnd, tokens: 5 })
  expect(await lookupInvoice!({ invoice: request })).toBeUndefined()
  const paid = await payInvoice({ invoice: request })
  expect(paid).toEqual({ preimage: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(await lookupInvoice!({ invoice: request })).toEqual(paid)
  expect(await payInvoice({ invoice: request })).toEqual(paid)
})

test('what cannot be paid failed, in words', async () => {
  const { payInvoice } = lndPayer({ url: rest, macaroon: hex(network.alice.adminMacaroon) })
  const { request } = await createInvoice({ lnd: network.carol.lnd, tokens: 9_000_000 })
  expect(await payInvoice({ invoice: request })).toEqual({ failed: expect.stringContaining('FAILURE_REASON') })
  const { receive } = await leastMacaroons(network.alice)
  for (const macaroon of ['00'.repeat(60), hex(network.bob.adminMacaroon), hex(receive)]) {
    const denied = await lndPayer({ url: rest, macaroon }).payInvoice({ invoice: request })
    expect(denied).toEqual({ failed: expect.stringContaining('LND does not let this macaroon pay') })
  }
}, 120_000)

test('a node that cannot be reached leaves the outcome open', async () => {
  const [port] = await freePorts(1)
  await expect(payer(undefined, `http://127.0.0.1:${port}`).fetch(site)).rejects.toMatchObject({ code: 'outcome_unknown' })
})
