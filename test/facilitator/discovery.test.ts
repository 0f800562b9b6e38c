import { HTTPFacilitatorClient } from '@x402/core/server'
import { withBazaar } from '@x402/extensions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type QuietChain, startQuietChain } from '../evm/quietChain.ts'
import { type FacilitatorWorld, openFacilitatorWorld, PAY_TO, type Seller, termsOn } from './facilitatorWorld.ts'

// What sellers list, as x402's own client for it reads it.
let chain: QuietChain
let world: FacilitatorWorld
let seller: Seller
beforeAll(async () => {
  chain = await startQuietChain()
  world = await openFacilitatorWorld(chain)
  seller = await world.seller()
}, 120_000)
afterAll(async () => {
  await world?.close()
  await chain?.stop()
}, 30_000)

const bazaar = () => withBazaar(new HTTPFacilitatorClient({ url: `${world.url()}/x402` })).extensions.bazaar
const resource = 'https://shop.example/joke'

async function list(key: string, body: object) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const answer = await fetch(`${world.url()}/x402/listings`, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, body: (await answer.json()) as { code?: string } }
}

function withdraw(key: string) {
  const headers = { authorization: `Bearer ${key}` }
  return fetch(`${world.url()}/x402/listings?resource=${encodeURIComponent(resource)}`, { method: 'DELETE', headers })
}

test('a resource is listed by its seller, found by what it costs and where, and taken off again', async () => {
  expect(await bazaar().listResources()).toEqual({ x402Version: 2, items: [], pagination: { limit: 20, offset: 0, total: 0 } })
  expect((await list(seller.key, { resource, accepts: [termsOn(chain)], description: 'a joke', tags: ['fun'] })).status).toBe(201)
  const { items } = await bazaar().listResources({
    type: 'http',
    network: `eip155:${chain.chainId}`,
    payTo: PAY_TO.toUpperCase().replace('0X', '0x'),
  })
  const { asset } = termsOn(chain)
  expect(items).toEqual([
    {
      resource,
      type: 'http',
      x402Version: 2,
      accepts: [{ ...termsOn(chain), asset: asset.toLowerCase() }],
      lastUpdated: expect.stringMatching(/Z$/),
      description: 'a joke',
      tags: ['fun'],
    },
  ])
  // The same again with another price is the same resource.
  expect((await list(seller.key, { resource, accepts: [termsOn(chain, { amount: 5n })] })).status).toBe(201)
  const renewed = await bazaar().listResources({ limit: 1, offset: 0 })
  expect([renewed.pagination.total, renewed.items[0]?.accepts[0]?.amount]).toEqual([1, '5'])
  for (const none of [{ network: 'eip155:1' }, { scheme: 'upto' }, { type: 'mcp' }, { extensions: 'bazaar' }, { payTo: chain.hub }]) {
    expect((await bazaar().listResources(none)).items).toEqual([])
  }
  expect((await withdraw((await world.seller('other')).key)).status).toBe(404)
  expect((await withdraw(seller.key)).status).toBe(204)
  expect((await bazaar().listResources()).pagination.total).toBe(0)
})

test('nothing is listed that could not be settled here, nor by nobody', async () => {
  const good = termsOn(chain)
  const wrong = [
    { ...good, network: 'eip155:1' },
    { ...good, scheme: 'upto' },
    { ...good, asset: chain.hub },
    { ...good, extra: {} },
    { ...good, amount: '1.5' },
  ]
  for (const terms of wrong)
    expect(await list(seller.key, { resource, accepts: [terms] })).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  for (const other of [
    { resource: 'javascript:alert(1)' },
    { resource: 'shop.example' },
    { tags: ['ü'] },
    { accepts: [] },
    { iconUrl: 'x' },
  ]) {
    expect(await list(seller.key, { resource, accepts: [good], ...other })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    })
  }
  expect((await list('sk_nobody_has_this_key', { resource, accepts: [good] })).status).toBe(401)
})

test('a seller fills its own part of the list and no more', async () => {
  const many = await world.seller('many')
  for (let n = 0; n < 100; n++)
    expect((await list(many.key, { resource: `https://many.example/${n}`, accepts: [termsOn(chain)] })).status).toBe(201)
  expect(await list(many.key, { resource: 'https://many.example/100', accepts: [termsOn(chain)] })).toMatchObject({
    status: 429,
    body: { code: 'facilitator_quota' },
  })
  expect((await list(seller.key, { resource, accepts: [termsOn(chain)] })).status).toBe(201)
  const page = await bazaar().listResources({ limit: 100, offset: 50 })
  expect([page.items.length, page.pagination.total]).toEqual([51, 101])
})
