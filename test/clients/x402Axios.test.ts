import { wrapAxiosWithPayment } from '@x402/axios'
import { x402Client } from '@x402/core/client'
import { ExactEvmScheme, UptoEvmScheme } from '@x402/evm'
import { decodePaymentResponseHeader } from '@x402/fetch'
import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios'
import { beforeAll, expect, test } from 'vitest'
import { accountOf, has, openShop, posted, SHOP_MS, settled } from './shop.ts'
import type { Shop } from './world.ts'

// 2.11, the newest that the registry has, around the client of 2.27, whose spend controls are as they come: 2.11 had none.
const CUSTOMER = 1
let shop: Shop
let before: bigint
beforeAll(async () => {
  shop = await openShop()
}, SHOP_MS)

type Send = (path: string, config?: AxiosRequestConfig) => Promise<AxiosResponse<Record<string, unknown>>>

/** `permit2`: takes no offer but those over Permit2, by a policy as a user adds one. */
async function payer(o: Readonly<{ permit2?: boolean }> = {}): Promise<Send> {
  before = await has(shop, CUSTOMER)
  const account = accountOf(shop, CUSTOMER)
  const schemes = [new ExactEvmScheme(account), new UptoEvmScheme(account)].map((client) => ({ network: 'eip155:*' as const, client }))
  const client = x402Client.fromConfig({ schemes })
  if (o.permit2) client.registerPolicy((_, offers) => offers.filter(({ extra }) => extra.assetTransferMethod === 'permit2'))
  const paying = wrapAxiosWithPayment(axios.create({ baseURL: shop.url }), client as never) // Typed by a core of its own.
  return (url, config) => paying.request({ url, ...config })
}
const said = ({ headers }: AxiosResponse) => decodePaymentResponseHeader(String(headers['payment-response']))
const receipt = ({ headers }: AxiosResponse) => String(headers['switchyard-receipt'])
const spent = async () => before - (await has(shop, CUSTOMER))

test('pays by EIP-3009 what is collected after the answer', async () => {
  const answer = await (await payer())('/joke')
  expect([answer.status, answer.data]).toEqual([200, { served: expect.any(Number) }])
  expect(said(answer)).toMatchObject({ success: false, errorReason: 'settlement_pending' })
  const { evidence } = await settled(shop, receipt(answer))
  expect([evidence.transaction, await spent()]).toEqual([expect.stringMatching(/^0x[0-9a-f]{64}$/), 2_000n])
})

test('pays by EIP-3009 what is collected before the work, and reads its transaction', async () => {
  const answer = await (await payer())('/opera')
  const { evidence } = await settled(shop, receipt(answer))
  expect(said(answer)).toMatchObject({ success: true, transaction: evidence.transaction, amount: '200000' })
  expect(await spent()).toBe(200_000n)
})

test('pays over Permit2', async () => {
  const answer = await (await payer({ permit2: true }))('/joke')
  await settled(shop, receipt(answer))
  expect(await spent()).toBe(2_000n)
})

test('pays by upto what the handler has metered, and no more', async () => {
  const answer = await (await payer())('/used?use=0.0042')
  expect(answer.data).toEqual({ left: '45800' })
  expect(await settled(shop, receipt(answer))).toMatchObject({ charged: { amount: '0.0042' } })
  expect(await spent()).toBe(4_200n)
})

test('pays for a request with a body', async () => {
  const { url, init, echoed } = posted(shop)
  const answer = await (await payer())(url, { method: 'POST', headers: init.headers, data: init.body })
  expect(answer.data).toEqual(echoed)
  await settled(shop, receipt(answer))
})

test('pays nothing beyond its own limit', async () => {
  const get = await payer()
  await expect(get('/yacht')).rejects.toThrow(/spendControls/)
  expect(await spent()).toBe(0n)
})
