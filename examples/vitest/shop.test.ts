import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createPayer, evmWallet, usd } from 'switchyard-client'
import { type RunningYard, startYard } from 'switchyard-dev/testing'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openShop } from './shop.ts'

let yard: RunningYard
let shop: ReturnType<typeof openShop>
let url: string
beforeAll(async () => {
  yard = await startYard()
  const headers = { authorization: `Bearer ${yard.key}`, 'content-type': 'application/json', 'idempotency-key': 'my-first-shop' }
  const made = await fetch(`${yard.url}/v1/parties`, { method: 'POST', headers, body: '{"name": "my shop"}' })
  shop = openShop({ gateway: yard.url, key: made.headers.get('switchyard-api-key') ?? undefined })
  await once(shop.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/joke`
}, 120_000)
afterAll(async () => {
  shop?.close()
  await yard?.stop()
})

test('nobody hears the joke for nothing', async () => {
  expect((await fetch(url)).status).toBe(402)
})

test('a payment in test dollars opens it, once, with a receipt', async () => {
  const account = privateKeyToAccount(yard.wallets.evm[0]!.privateKey)
  const tokens = yard.chains.map(({ chainId, token, tokenName: name, tokenVersion: version }) => {
    return { chainId, address: token, scale: 6, name, version }
  })
  const budget = { perRequest: usd('0.01'), perDay: usd('0.01'), sites: [new URL(url).host] }
  const payer = createPayer({ wallets: [evmWallet({ account, tokens })], budget })
  const response = await payer.fetch(url)
  expect(await response.json()).toEqual({ joke: 'Two sats walk into a channel.' })
  expect(payer.receipt(response)).toMatchObject({ id: expect.stringMatching(/^rc_/), rail: expect.stringMatching(/^evm:/) })
}, 60_000)
