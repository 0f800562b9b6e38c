import { Receipt } from 'mppx'
import { evm, Mppx } from 'mppx/client'
import { beforeAll, expect, test } from 'vitest'
import { accountOf, has, openShop, paymentOf, posted, SHOP_MS, settled } from './shop.ts'
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

test('pays for a request with a body', async () => {
  const { url, init, echoed } = posted(shop)
  const answer = await (await payer())(url, init)
  expect([answer.status, await answer.json()]).toEqual([200, echoed])
  await settled(shop, answer.headers.get('switchyard-receipt'))
})

test('pays ten requests at once', async () => {
  const get = await payer()
  const answers = await Promise.all(Array.from({ length: 10 }, () => get(`${shop.url}/joke`)))
  const served = await Promise.all(answers.map((answer) => answer.json()))
  expect(new Set(served.map(({ served: n }: { served: number }) => n)).size).toBe(10)
  await Promise.all(answers.map(({ headers }) => settled(shop, headers.get('switchyard-receipt'))))
  expect(await spent()).toBe(20_000n)
})

test('keeps its money where the work failed', async () => {
  const answer = await (await payer())(`${shop.url}/broken`)
  expect([answer.status, (await paymentOf(shop, answer.headers.get('switchyard-receipt'))).status]).toEqual([500, 'failed'])
  expect([answer.headers.get('payment-receipt'), await spent()]).toEqual([null, 0n])
})

test('pays nothing where no charge is offered', async () => {
  const get = await payer()
  await expect(get(`${shop.url}/used?use=0.001`)).rejects.toThrow('No method found')
  expect(await spent()).toBe(0n)
})
