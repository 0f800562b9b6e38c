import { Receipt } from 'mppx'
import { evm, Mppx } from 'mppx/client'
import { beforeAll, expect, test } from 'vitest'
import { accountOf, has, openShop, SHOP_MS, settled } from './shop.ts'
import type { Shop } from './world.ts'

const CUSTOMER = 2
let shop: Shop
let before: bigint
beforeAll(async () => {
  shop = await openShop()
}, SHOP_MS)

async function payer(): Promise<typeof fetch> {
  before = await has(shop, CUSTOMER)
  const { tokenName: name, tokenVersion: version } = shop
  const methods = [evm({ account: accountOf(shop, CUSTOMER), authorization: { name, version } })]
  return Mppx.create({ polyfill: false, methods }).fetch as typeof fetch
}
const spent = async () => before - (await has(shop, CUSTOMER))

test('pays a charge that is collected after the answer, once', async () => {
  const answer = await (await payer())(`${shop.url}/joke`)
  expect([answer.status, await answer.json()]).toEqual([200, { served: expect.any(Number) }])
  const { evidence } = await settled(shop, answer.headers.get('switchyard-receipt'))
  expect([evidence.transaction, await spent()]).toEqual([expect.stringMatching(/^0x[0-9a-f]{64}$/), 2_000n])
})

test('pays a charge that is collected before the work, and reads its receipt', async () => {
  const answer = await (await payer())(`${shop.url}/opera`)
  expect(answer.status).toBe(200)
  const { evidence } = await settled(shop, answer.headers.get('switchyard-receipt'))
  expect(Receipt.fromResponse(answer)).toMatchObject({ status: 'success', method: 'evm', reference: evidence.transaction })
  expect(await spent()).toBe(200_000n)
})
