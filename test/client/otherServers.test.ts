import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, expect, test } from 'vitest'
import { evmWallet } from '../../gateway/client/evmWallet.ts'
import { createPayer } from '../../gateway/client/payer.ts'
import { permit2Wallet } from '../../gateway/client/permit2Wallet.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { asking, mppxServer, type OtherServer, TAKEN_UNITS, TOKEN, x402Express, x402V1 } from './otherServers.ts'

const account = privateKeyToAccount(`0x${'42'.repeat(32)}`)
const limit = (text: string) => parseAmount(text, USD)
const payer = () =>
  createPayer({
    wallets: [evmWallet({ account, tokens: [{ chainId: 84_532, address: TOKEN, scale: 6, name: 'USDC', version: '2' }] })],
    budget: { perRequest: limit('0.01'), perDay: limit('1'), sites: ['127.0.0.1'] },
  })

let server: OtherServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

test.each([
  ['@x402/express', x402Express, 'x402 v2'],
  ['a server of x402 v1', x402V1, 'x402 v1'],
  ['mppx, which asks by MPP alone', () => mppxServer(), 'mpp'],
])('%s is paid', async (_, start, paid) => {
  server = await start()
  const mine = payer()
  const response = await mine.fetch(server.url)
  expect([response.status, await response.json()]).toEqual([200, { paid }])
  expect(mine.receipt(response)).toMatchObject({ rail: 'evm:84532', cost: limit('0.002') })
})

/** A payer whose account lets Permit2 take so much. */
const permitting = (allowed: bigint | undefined) =>
  createPayer({
    wallets: [permit2Wallet({ account, tokens: [{ chainId: 84_532, address: TOKEN, scale: 6 }], allowanceOf: async () => allowed })],
    budget: { perRequest: limit('0.01'), perDay: limit('1'), sites: ['127.0.0.1'] },
  })

test('@x402/express is paid over Permit2', async () => {
  server = await x402Express({ by: 'permit2' })
  const mine = permitting(2_000n)
  const response = await mine.fetch(server.url)
  expect([response.status, await response.json()]).toEqual([200, { paid: 'x402 v2' }])
  expect(mine.receipt(response)).toMatchObject({ offer: 'x402 exact on eip155:84532 by Permit2', cost: limit('0.002') })
  expect(await mine.spent()).toEqual(limit('0.002'))
})

test('@x402/express is paid by upto, and what it took is what counts', async () => {
  server = await x402Express({ by: 'upto' })
  const mine = permitting(2_000n)
  expect(await mine.quote(server.url)).toMatchObject({ total: limit('0.002'), bids: [{ most: true }] })
  const response = await mine.fetch(server.url)
  expect([response.status, await response.json()]).toEqual([200, { paid: 'x402 v2' }])
  const taken = limit(`0.000${TAKEN_UNITS}`)
  expect(mine.receipt(response)).toMatchObject({ offer: 'x402 upto on eip155:84532', cost: taken, amount: { units: 700n } })
  expect(await mine.spent()).toEqual(taken)
})

test.each([
  ['does not let Permit2 take it', 1_999n, /lets Permit2 take 1999 of 2000 units: have it call approve\(0x000000000022d4/],
  ['is not known to', undefined, /give the wallet the address of a node of chain 84532/],
])('nothing is signed over Permit2 where the account %s', async (_, allowed, detail) => {
  server = await x402Express({ by: 'upto' })
  const mine = permitting(allowed)
  await expect(mine.fetch(server.url)).rejects.toMatchObject({
    code: 'no_payable_offer',
    meta: { refused: [{ reason: 'no_allowance', detail: expect.stringMatching(detail) }] },
  })
  expect(await mine.spent()).toEqual(limit('0'))
})

test('a 402 that nobody here can pay says why, and does not come back as an answer', async () => {
  server = await asking({ 'www-authenticate': 'Payment id="1", realm="r", method="tempo", intent="charge", request="e30"' })
  await expect(payer().fetch(server.url)).rejects.toMatchObject({
    code: 'no_payable_offer',
    meta: { refused: [{ offer: 'mpp tempo/charge', reason: 'unknown_scheme', detail: expect.any(String) }] },
  })
})

test('mppx is told what the payer pays by, and its receipt is read', async () => {
  const accepted: (string | null)[] = []
  server = await mppxServer({ accepted: (header) => accepted.push(header) })
  const mine = payer()
  const receipt = mine.receipt(await mine.fetch(server.url))
  expect(receipt).toMatchObject({ reference: `0x${'ab'.repeat(32)}`, decision: { why: 'the only way that a wallet here can pay' } })
  expect(accepted).toEqual(['evm/charge', 'evm/charge'])
})

test('mppx whose routes need Authorization themselves is paid beside it', async () => {
  server = await mppxServer({ requiresAuth: true })
  const response = await payer().fetch(server.url, { headers: { authorization: 'Bearer theirs' } })
  expect([response.status, await response.json()]).toEqual([200, { paid: 'mpp' }])
})

test('mppx that fails while it settles is shown the same authorization again, which is good until its challenge ends', async () => {
  const charged: { nonce: string; validBefore: string }[] = []
  server = await mppxServer({
    settle: async (payload) => {
      charged.push(payload)
      if (charged.length === 1) throw new Error('the chain is away')
    },
  })
  const mine = payer()
  const first = await mine.fetch(server.url)
  expect([first.status, mine.isOpen(first)]).toEqual([500, true])
  await first.body?.cancel()
  expect(await (await mine.fetch(server.url)).json()).toEqual({ paid: 'mpp' })
  expect(new Set(charged.map(({ nonce }) => nonce)).size).toBe(1)
  expect(await mine.spent()).toEqual(limit('0.002'))
  const { headers } = await fetch(server.url)
  const expires = Date.parse(/expires="([^"]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1] ?? '')
  expect(Math.abs(Number.parseInt(charged[0]!.validBefore, 10) * 1_000 - expires)).toBeLessThan(5_000)
})
