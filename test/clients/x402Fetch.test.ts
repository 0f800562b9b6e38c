import { ExactEvmScheme, UptoEvmScheme } from '@x402/evm'
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from '@x402/fetch'
import { beforeAll, expect, test } from 'vitest'
import { accountOf, has, openShop, paymentOf, posted, SHOP_MS, settled } from './shop.ts'
import type { Shop } from './world.ts'

// With its spend controls as they come: known tokens alone, and a dollar a payment at most.
const CUSTOMER = 0
let shop: Shop
let before: bigint
beforeAll(async () => {
  shop = await openShop()
}, SHOP_MS)

/** `permit2`: takes no offer but those over Permit2, by a policy as a user adds one. */
async function payer(o: Readonly<{ permit2?: boolean }> = {}): Promise<typeof fetch> {
  before = await has(shop, CUSTOMER)
  const account = accountOf(shop, CUSTOMER)
  const schemes = [new ExactEvmScheme(account), new UptoEvmScheme(account)].map((client) => ({ network: 'eip155:*' as const, client }))
  const client = x402Client.fromConfig({ schemes })
  if (o.permit2) client.registerPolicy((_, offers) => offers.filter(({ extra }) => extra.assetTransferMethod === 'permit2'))
  return wrapFetchWithPayment(fetch, client)
}
const said = ({ headers }: Response) => decodePaymentResponseHeader(headers.get('payment-response')!)
const receipt = ({ headers }: Response) => headers.get('switchyard-receipt')
const spent = async () => before - (await has(shop, CUSTOMER))

test('pays by EIP-3009 what is collected after the answer', async () => {
  const answer = await (await payer())(`${shop.url}/joke`)
  expect([answer.status, await answer.json()]).toEqual([200, { served: expect.any(Number) }])
  expect(said(answer)).toMatchObject({ success: false, errorReason: 'settlement_pending' })
  const { evidence } = await settled(shop, receipt(answer))
  expect([evidence.transaction, await spent()]).toEqual([expect.stringMatching(/^0x[0-9a-f]{64}$/), 2_000n])
})

test('pays by EIP-3009 what is collected before the work, and reads its transaction', async () => {
  const answer = await (await payer())(`${shop.url}/opera`)
  expect(answer.status).toBe(200)
  const { evidence } = await settled(shop, receipt(answer))
  expect(said(answer)).toMatchObject({ success: true, transaction: evidence.transaction, amount: '200000' })
  expect(await spent()).toBe(200_000n)
})

test('pays over Permit2', async () => {
  const answer = await (await payer({ permit2: true }))(`${shop.url}/joke`)
  expect(answer.status).toBe(200)
  await settled(shop, receipt(answer))
  expect(await spent()).toBe(2_000n)
})

test('pays by upto what the handler has metered, and no more', async () => {
  const answer = await (await payer())(`${shop.url}/used?use=0.0042`)
  expect([answer.status, await answer.json()]).toEqual([200, { left: '45800' }])
  expect(said(answer)).toMatchObject({ amount: '4200' })
  expect(await settled(shop, receipt(answer))).toMatchObject({ charged: { amount: '0.0042' } })
  expect(await spent()).toBe(4_200n)
})

test('pays for a request with a body', async () => {
  const { url, init, echoed } = posted(shop)
  const answer = await (await payer())(url, init)
  expect([answer.status, await answer.json()]).toEqual([200, echoed])
  await settled(shop, receipt(answer))
})

test('pays ten requests at once', async () => {
  const get = await payer()
  const answers = await Promise.all(Array.from({ length: 10 }, () => get(`${shop.url}/joke`)))
  const served = await Promise.all(answers.map((answer) => answer.json()))
  expect(new Set(served.map(({ served: n }: { served: number }) => n)).size).toBe(10)
  await Promise.all(answers.map((answer) => settled(shop, receipt(answer))))
  expect(await spent()).toBe(20_000n)
})

test('keeps its money where the work failed', async () => {
  const answer = await (await payer())(`${shop.url}/broken`)
  expect([answer.status, (await paymentOf(shop, receipt(answer))).status]).toEqual([500, 'failed'])
  expect(await spent()).toBe(0n)
})

test('pays nothing beyond its own limit', async () => {
  const get = await payer()
  await expect(get(`${shop.url}/yacht`)).rejects.toThrow(/spendControls/)
  expect(await spent()).toBe(0n)
})
