import type { IncomingMessage, ServerResponse } from 'node:http'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { bookWallet } from '../../gateway/client/bookWallet.ts'
import { memoryStore } from '../../gateway/client/budget/memoryStore.ts'
import { evmWallet } from '../../gateway/client/evmWallet.ts'
import { lightningWallet } from '../../gateway/client/lightningWallet.ts'
import { createPayer } from '../../gateway/client/payer.ts'
import type { Wallet } from '../../gateway/client/wallet.ts'
import { dollarsPerBitcoin, usd } from '../../gateway/money/dollars.ts'
import { PREIMAGE, paymentNeeded, TOKEN } from './askingServer.ts'
import { heardServer } from './heardServer.ts'

const ALL = { book: '2000', evm: { price: '2000', amount: '2000' }, invoice: 'lnbcrt20n1pqqq' }
const proofOf = ({ headers }: IncomingMessage) => headers['payment-signature'] ?? headers.authorization
const evm = () =>
  evmWallet({ account: privateKeyToAccount(`0x${'42'.repeat(32)}`), tokens: [{ chainId: 31337, address: TOKEN, scale: 6 }] })
const lightning = () =>
  lightningWallet({ payInvoice: async () => ({ preimage: PREIMAGE }), rate: () => dollarsPerBitcoin('100000'), network: 'regtest' })
const payer = (wallet: Wallet, sites: string[], store = memoryStore()) =>
  createPayer({ wallets: [wallet], store, budget: { perRequest: usd('0.01'), perDay: usd('0.1'), sites }, sleep: async () => {} })
const redirect = (response: ServerResponse, location: string, status = 307) => void response.writeHead(status, { location }).end()

async function ask(response: ServerResponse) {
  const asked = paymentNeeded(ALL)
  response.writeHead(402, Object.fromEntries(asked.headers)).end(await asked.text())
}

test.each([
  ['an API key', (origin: string) => bookWallet({ apiKey: 'sk_1', origins: [origin] })],
  ['the proof of an invoice', lightning],
  ['a signature', evm],
])('%s never reaches a server that redirected to the one that asks, whatever that answers', async (_, wallet) => {
  const gateway = await heardServer((request, response) => (proofOf(request) ? void response.writeHead(503).end() : void ask(response)))
  const evil = await heardServer((_request, response) => redirect(response, `${gateway.url}/joke`))
  const mine = payer(wallet(gateway.url), [new URL(gateway.url).host])
  for (const _again of [1, 2]) await mine.fetch(`${evil.url}/free`).catch(() => undefined)
  expect(evil.heard.map((request) => proofOf(request))).toEqual([undefined, undefined])
})

test('a 402 of another origin is not paid through a redirect: the error names the URL to ask', async () => {
  const seller = await heardServer((request, response) => (proofOf(request) ? void response.end('ok') : void ask(response)))
  const other = await heardServer((_, response) => redirect(response, `${seller.url}/joke`, 303))
  const mine = payer(evm(), ['*'])
  const init = { method: 'POST', body: 'mine', headers: { 'x-mine': 'secret' } }
  await expect(mine.fetch(other.url, init)).rejects.toMatchObject({
    code: 'no_payable_offer',
    shortMessage: expect.stringContaining(`${seller.url}/joke`),
    hint: expect.stringContaining('at the URL that asks'),
    meta: { refused: [{ reason: 'redirected' }] },
  })
  expect(seller.heard.map(({ method }) => method)).toEqual(['GET'])
  expect((await mine.quote(other.url, init))?.bids).toEqual([])
  expect((await mine.spent()).units).toBe(0n)
})

test('a POST that was redirected is not paid, because fetch may have made a GET of it', async () => {
  const seller = await heardServer((request, response) =>
    request.url === '/old' ? redirect(response, '/joke', 303) : proofOf(request) ? void response.end('ok') : void ask(response),
  )
  await expect(payer(evm(), ['*']).fetch(`${seller.url}/old`, { method: 'POST', body: 'mine' })).rejects.toMatchObject({
    code: 'no_payable_offer',
  })
  expect(seller.heard.map(({ method }) => method)).toEqual(['POST', 'GET'])
})

test('a GET that its own server redirected is paid where it was asked, also when it is taken up again', async () => {
  let busy = true
  const seller = await heardServer((request, response) => {
    if (request.url === '/old') return redirect(response, '/joke')
    if (!proofOf(request)) return void ask(response)
    return busy ? void response.writeHead(503).end() : void response.end('ok')
  })
  const mine = payer(evm(), ['127.0.0.1'])
  expect((await mine.fetch(`${seller.url}/old#part`)).status).toBe(503)
  busy = false
  expect(await (await mine.fetch(`${seller.url}/old#part`)).text()).toBe('ok')
  const paid = seller.heard.filter((request) => proofOf(request))
  expect(new Set(paid.map(({ url }) => url))).toEqual(new Set(['/joke']))
  expect(new Set(paid.map((request) => proofOf(request))).size).toBe(1)
})

test('a paid request that is answered with a redirect stays open, and pays once', async () => {
  let moved = true
  const seller = await heardServer((request, response) => {
    if (!proofOf(request)) return void ask(response)
    return moved ? redirect(response, '/elsewhere') : void response.end('ok')
  })
  const mine = payer(evm(), ['127.0.0.1'])
  const unanswered = await mine.fetch(`${seller.url}/joke`)
  expect([unanswered.status, mine.receipt(unanswered)]).toEqual([307, null])
  moved = false
  expect(await (await mine.fetch(`${seller.url}/joke`)).text()).toBe('ok')
  const paid = seller.heard.filter((request) => proofOf(request))
  // Sending the same again would be answered the same, so it is not sent four times.
  expect([paid.length, new Set(paid.map((request) => proofOf(request))).size]).toEqual([2, 1])
  expect(await mine.spent()).toEqual(usd('0.002'))
})

test('a payment that was kept for a site which the budget no longer allows is not sent there', async () => {
  const seller = await heardServer((request, response) => (proofOf(request) ? void response.writeHead(503).end() : void ask(response)))
  const store = memoryStore()
  await payer(evm(), ['127.0.0.1'], store).fetch(seller.url)
  const before = seller.heard.length
  await expect(payer(evm(), ['other.example'], store).fetch(seller.url)).rejects.toMatchObject({
    code: 'outcome_unknown',
    hint: expect.stringContaining('budget.sites'),
  })
  expect(seller.heard.length).toBe(before)
})

test('an API key is not sent to another origin than its gateway, whatever the store says', async () => {
  const gateway = await heardServer((request, response) => (proofOf(request) ? void response.writeHead(503).end() : void ask(response)))
  const evil = await heardServer((_, response) => void response.end('mine now'))
  const store = memoryStore()
  const mine = payer(bookWallet({ apiKey: 'sk_1', origins: [gateway.url] }), ['*'], store)
  await mine.fetch(gateway.url)
  const key = 'switchyard-client/open'
  const kept = (await store.get(key))!
  await store.set(key, kept.replace(`"url":"${gateway.url}/"`, `"url":"${evil.url}/"`), kept)
  await expect(mine.fetch(gateway.url)).rejects.toMatchObject({ code: 'outcome_unknown' })
  expect([(await store.get(key))!.includes(evil.url), evil.heard]).toEqual([true, []])
})
