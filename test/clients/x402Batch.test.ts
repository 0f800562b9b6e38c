import { BatchSettlementEvmScheme } from '@x402/evm/batch-settlement/client'
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from '@x402/fetch'
import { createPublicClient, http } from 'viem'
import { beforeAll, expect, test } from 'vitest'
import { accountOf, has, openShop, paymentOf, SHOP_MS } from './shop.ts'
import type { Shop } from './world.ts'

// Nobody else's: what it has is compared before and after, while other clients pay.
const CUSTOMER = 3
let shop: Shop
let get: typeof fetch
let signer: ConstructorParameters<typeof BatchSettlementEvmScheme>[0]
beforeAll(async () => {
  shop = await openShop()
  const account = accountOf(shop, CUSTOMER)
  const { readContract } = createPublicClient({ transport: http(shop.rpcUrl) })
  signer = { address: account.address, signTypedData: account.signTypedData, readContract } as typeof signer
  get = wrapFetchWithPayment(
    fetch,
    x402Client.fromConfig({ schemes: [{ network: 'eip155:*', client: new BatchSettlementEvmScheme(signer) }] }),
  )
}, SHOP_MS)

const said = ({ headers }: Response) => decodePaymentResponseHeader(headers.get('payment-response')!)
/** What the channel has paid by this answer. */
const charged = ({ answer }: { answer: Response }) =>
  BigInt((said(answer).extra as { channelState: { chargedCumulativeAmount: string } }).channelState.chargedCumulativeAmount) // As x402 has it.
const song = async (n: string) => {
  const answer = await get(`${shop.url}/song?n=${n}`)
  return { answer, body: (await answer.json()) as { song?: string } }
}

test('pays many requests with one deposit and vouchers', async () => {
  const before = await has(shop, CUSTOMER)
  const first = await song('1')
  expect([first.answer.status, first.body.song]).toEqual([200, '1'])
  expect(said(first.answer)).toMatchObject({ success: true, transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/), amount: '1000' })
  const deposited = before - (await has(shop, CUSTOMER))
  expect(deposited).toBeGreaterThanOrEqual(10_000n)
  for (const n of ['2', '3', '4']) {
    const { answer, body } = await song(n)
    expect([answer.status, body.song]).toEqual([200, n])
    expect(said(answer)).toMatchObject({
      success: true,
      transaction: '',
      extra: { chargedAmount: '1000', channelState: { chargedCumulativeAmount: `${n}000` } },
    })
  }
  expect(before - (await has(shop, CUSTOMER))).toBe(deposited)
  expect((await paymentOf(shop, first.answer.headers.get('switchyard-receipt'))).status).toBe('held')
})

test('ten requests at once on one channel are all served, each for its price', async () => {
  const base = charged(await song('a'))
  const served = await Promise.all(Array.from({ length: 10 }, (_, n) => song(`p${n}`)))
  expect(served.map(({ answer, body }) => [answer.status, body.song])).toEqual(served.map((_, n) => [200, `p${n}`]))
  expect(charged(await song('b')) - base).toBe(11_000n)
})

test('work that failed costs nothing, and the next request pays by the same sum', async () => {
  const base = charged(await song('c'))
  expect((await get(`${shop.url}/broken`)).status).toBe(500)
  expect((await get(`${shop.url}/broken`)).status).toBe(500)
  expect(charged(await song('d')) - base).toBe(1_000n)
})

test('asks for a part and then for the rest of its deposit, and pays anew by another', async () => {
  const deposit = 4_000_000n
  const own = new BatchSettlementEvmScheme(signer, { salt: `0x${'5a'.repeat(32)}`, depositStrategy: () => `${deposit}` })
  const buy = wrapFetchWithPayment(fetch, x402Client.fromConfig({ schemes: [{ network: 'eip155:*', client: own }] }))
  const before = await has(shop, CUSTOMER)
  const paid = async () => expect((await buy(`${shop.url}/song?n=e`)).status).toBe(200)
  await paid()
  const part = await own.refund(`${shop.url}/song`, { amount: '1500000' })
  expect(part).toMatchObject({ success: true, amount: '1500000', transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
  expect(before - (await has(shop, CUSTOMER))).toBe(deposit - 1_500_000n)
  // Everybody has the voucher that the chain shows, so that it asks for nothing more.
  await expect(own.refund(`${shop.url}/song`)).rejects.toThrow('channel_refund_refused')
  await paid()
  const rest = await own.refund(`${shop.url}/song`)
  const state = { balance: '2000', totalClaimed: '2000', withdrawRequestedAt: 0, chargedCumulativeAmount: '2000' }
  expect(rest).toMatchObject({ success: true, amount: `${deposit - 1_502_000n}`, extra: { channelState: state } })
  expect(before - (await has(shop, CUSTOMER))).toBe(2_000n)
  await paid()
  expect(before - (await has(shop, CUSTOMER))).toBe(2_000n + deposit)
})
