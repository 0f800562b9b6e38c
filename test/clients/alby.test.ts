import { fetch402, fetchWithL402, fetchWithMpp, fetchWithX402 } from '@getalby/lightning-tools/402'
import { beforeAll, expect, test } from 'vitest'
import { openShop, paymentOf, posted, SHOP_MS, walletOf } from './shop.ts'
import type { Shop } from './world.ts'

// The four ways to pay of `@getalby/lightning-tools`, out of a node over real channels.
let shop: Shop
beforeAll(async () => {
  shop = await openShop()
}, SHOP_MS)

const ANY = {}
const CHARGE = { 'accept-payment': 'lightning/charge' }

test.each([
  ['fetch402', fetch402, ANY, 'L402'],
  ['fetchWithL402', fetchWithL402, ANY, 'L402'],
  ['fetchWithMpp', fetchWithMpp, CHARGE, 'Payment'],
  ['fetch402, told by its user what to ask for,', fetch402, CHARGE, 'Payment'],
] as const)('%s pays one invoice for one answer, which its credential gets again', async (_, pay, headers, scheme) => {
  const wallet = walletOf(shop)
  const answer = await pay(`${shop.url}/joke`, { headers: { ...headers } }, { wallet })
  expect(answer.status).toBe(200)
  const served = await answer.json()
  expect(wallet.paid).toHaveLength(1)
  expect(answer.payment).toMatchObject({ paid: true, amountSat: 2, credentials: { value: expect.stringMatching(`^${scheme} `) } })
  const payment = await paymentOf(shop, answer.headers.get('switchyard-receipt'))
  expect(payment).toMatchObject({ status: 'settled', final: true, evidence: { payment_hash: expect.stringMatching(/^[0-9a-f]{64}$/) } })
  const again = await pay(`${shop.url}/joke`, {}, { wallet, credentials: answer.payment!.credentials })
  expect([again.status, await again.json(), wallet.paid.length]).toEqual([200, served, 1])
})

test.each([
  ['fetch402', fetch402, ANY],
  ['fetchWithL402', fetchWithL402, ANY],
  ['fetchWithMpp', fetchWithMpp, CHARGE],
] as const)('%s pays for a request with a body', async (_, pay, headers) => {
  const { url, init, echoed } = posted(shop)
  const answer = await pay(url, { ...init, headers: { ...init.headers, ...headers } }, { wallet: walletOf(shop) })
  expect([answer.status, await answer.json()]).toEqual([200, echoed])
})

test('fetchWithL402 pays a pass once, whose credential buys the next request too', async () => {
  const wallet = walletOf(shop)
  const first = await fetchWithL402(`${shop.url}/stories`, {}, { wallet })
  const next = await fetchWithL402(`${shop.url}/stories`, {}, { wallet, credentials: first.payment!.credentials })
  expect([first.status, next.status, wallet.paid.length]).toEqual([200, 200, 1])
  expect(await next.json()).not.toEqual(await first.json())
})

test('fetch402 is told where it gets its money back when the work failed', async () => {
  const wallet = walletOf(shop)
  const answer = await fetch402(`${shop.url}/broken`, {}, { wallet })
  expect([answer.status, wallet.paid.length, answer.headers.get('switchyard-refund')]).toEqual([
    500,
    1,
    expect.stringMatching('/v1/refunds/'),
  ])
  expect(await paymentOf(shop, answer.headers.get('switchyard-receipt'))).toMatchObject({ status: 'refund_due', reason: 'not_served' })
})

test('fetchWithX402 pays nothing: no offer of x402 here is a Lightning invoice', async () => {
  const wallet = walletOf(shop)
  await expect(fetchWithX402(`${shop.url}/joke`, {}, { wallet })).rejects.toThrow('only Bitcoin lightning network is supported')
  expect(wallet.paid).toEqual([])
})
