// Needs the program go: aperture, LND and btcd are built once into the user's cache folder.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getChannelBalance } from 'lightning'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lightningWallet } from '../../../gateway/client/lightningWallet.ts'
import { lndPayer } from '../../../gateway/client/lndPayer.ts'
import { createPayer, type Payer } from '../../../gateway/client/payer.ts'
import { dollarsPerBitcoin, usd } from '../../../gateway/money/dollars.ts'
import { freePorts } from '../../freePorts.ts'
import { type LndNetwork, startNetwork } from '../../full/lnd/startNetwork.ts'
import { buildAperture } from './buildAperture.ts'
import { type Aperture, startAperture } from './startAperture.ts'

const BUILD_MS_MAX = 3_600_000
const BOOKS = { name: 'books', prefix: '/books/', sats: 20 }
const MAPS = { name: 'maps', prefix: '/maps/', sats: 30 }

let network: LndNetwork
let service: Server
let aperture: Aperture
/** Another one, with a new database, in its place. */
let renew: () => Promise<void>
let rest: string
/** What came through to the service. */
const served: string[] = []

beforeAll(async () => {
  const program = await buildAperture((line) => console.log(line))
  const [port] = await freePorts(1)
  rest = `http://127.0.0.1:${port}`
  network = await startNetwork({ alice: [`--restlisten=127.0.0.1:${port}`, '--no-rest-tls'] })
  service = createServer((request, response) => {
    served.push(`${request.method} ${request.url}`)
    response.end(`read ${request.url}`)
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const upstream = `127.0.0.1:${(service.address() as AddressInfo).port}` // It listens on a port.
  const carol = join(network.folder, 'carol')
  const macaroonFolder = join(carol, 'data', 'chain', 'bitcoin', 'regtest')
  const node = { socket: network.carol.socket, certFile: join(carol, 'tls.cert'), macaroonFolder }
  const open = (name: string, port?: number) => {
    const place = { folder: join(network.folder, name), upstream, services: [BOOKS, MAPS], node }
    return startAperture(program, port === undefined ? place : { ...place, port })
  }
  aperture = await open('aperture')
  renew = async () => {
    await aperture.stop()
    aperture = await open('renewed', Number(new URL(aperture.url).port)) // not money: a port
  }
}, BUILD_MS_MAX)
afterAll(async () => {
  await aperture?.stop()
  service?.close()
  await network?.close()
}, 60_000)

function payer(perRequest = '0.1'): Payer {
  const macaroon = Buffer.from(network.alice.adminMacaroon, 'base64').toString('hex')
  return createPayer({
    wallets: [lightningWallet({ ...lndPayer({ url: rest, macaroon }), rate: () => dollarsPerBitcoin('100000'), network: 'regtest' })],
    budget: { perRequest: usd(perRequest), perDay: usd('1'), sites: ['127.0.0.1'] },
  })
}

/** What Carol, who sells, has in her channels. */
const earned = async () => BigInt((await getChannelBalance({ lnd: network.carol.lnd })).channel_balance)

test('what aperture sells is paid for once, and read as often as its token is good', async () => {
  const [mine, before] = [payer(), await earned()]
  const first = await mine.fetch(`${aperture.url}/books/1`)
  expect([first.status, await first.text()]).toEqual([200, 'read /books/1'])
  // 20 sat and at most 1 sat of routing, at 0.001 dollars each.
  expect(mine.receipt(first)).toMatchObject({ rail: 'lightning', cost: usd('0.021'), offer: 'l402' })
  const again = await mine.fetch(`${aperture.url}/books/2`)
  expect([again.status, await again.text(), mine.receipt(again)]).toEqual([200, 'read /books/2', null])
  await expect.poll(earned).toBe(before + 20n)
  expect(await mine.spent()).toEqual(usd('0.021'))
})

test('a token of one service does not open another, and both are then good', async () => {
  const [mine, before] = [payer(), await earned()]
  for (const path of ['/books/3', '/maps/3', '/books/4', '/maps/4']) {
    expect(await (await mine.fetch(`${aperture.url}${path}`)).text()).toBe(`read ${path}`)
  }
  await expect.poll(earned).toBe(before + 50n)
})

test('a price above the budget is refused, and nothing is paid or read', async () => {
  const before = [await earned(), served.length]
  await expect(payer('0.015').fetch(`${aperture.url}/books/5`)).rejects.toMatchObject({
    code: 'budget_exceeded',
    meta: { limit: 'perRequest' },
  })
  expect([await earned(), served.length]).toEqual(before)
})

test('a token that its server no longer takes is paid for anew', async () => {
  const [mine, before] = [payer(), await earned()]
  await (await mine.fetch(`${aperture.url}/books/6`)).text()
  await renew()
  expect((await mine.quote(`${aperture.url}/books/6`))?.bids.map(({ offer }) => offer)).toEqual(['l402'])
  for (const path of ['/books/6', '/books/7']) expect(await (await mine.fetch(`${aperture.url}${path}`)).text()).toBe(`read ${path}`)
  await expect.poll(earned).toBe(before + 40n)
})
