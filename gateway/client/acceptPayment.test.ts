import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, expect, test, vi } from 'vitest'
import { askingServer, paymentNeeded, TOKEN, URL_ } from '../../test/client/askingServer.ts'
import { dollarsPerBitcoin, usd } from '../money/dollars.ts'
import { bookWallet } from './bookWallet.ts'
import { evmWallet } from './evmWallet.ts'
import { lightningWallet } from './lightningWallet.ts'
import { createPayer, type PayerOptions } from './payer.ts'
import { payTools } from './payTools.ts'
import type { Wallet } from './wallet.ts'

const evm = () =>
  evmWallet({ account: privateKeyToAccount(`0x${'42'.repeat(32)}`), tokens: [{ chainId: 31337, address: TOKEN, scale: 6 }] })
const lightning = () =>
  lightningWallet({ payInvoice: async () => ({ preimage: '11'.repeat(32) }), rate: () => dollarsPerBitcoin('100000') })
const book = () => bookWallet({ apiKey: 'sk_1', origins: ['http://pay.example'] })
const payer = (fetch: PayerOptions['fetch'], wallets: readonly Wallet[], o: Partial<PayerOptions> = {}) =>
  createPayer({
    wallets,
    budget: { perRequest: usd('0.01'), perDay: usd('0.1'), sites: ['pay.example'] },
    sleep: async () => {},
    ...(fetch ? { fetch } : {}),
    ...o,
  })
const accepts = (init: RequestInit) => new Headers(init.headers).get('accept-payment')

afterEach(() => vi.unstubAllGlobals())

test.each([
  ['tokens', [evm()], 'evm/charge'],
  ['Lightning', [lightning()], 'lightning/charge'],
  ['both', [evm(), lightning(), evm()], 'evm/charge, lightning/charge'],
  ['a balance', [book()], null],
])('a payer with a wallet of %s says so with its requests, also when it pays', async (_name, wallets, said) => {
  const { fetch, seen } = askingServer({ book: '2000', evm: { price: '2000', amount: '2000' }, invoice: 'lnbcrt20n1pqqq' })
  expect((await payer(fetch, wallets).fetch(URL_)).status).toBe(200)
  expect(seen.map(({ init }) => accepts(init))).toEqual([said, said])
})

test('it says nothing where its caller said it, or wants it unsaid, or where nothing may be paid', async () => {
  const seen: (string | null)[] = []
  const fetch = async (_url: string, init: RequestInit) => {
    seen.push(accepts(init))
    return new Response('free')
  }
  await payer(fetch, [evm()]).fetch(URL_, { headers: { 'Accept-Payment': 'tempo/charge' } })
  await payer(fetch, [evm()], { saysHowItPays: false }).fetch(URL_)
  await payer(fetch, [evm()]).fetch('http://elsewhere.example/')
  expect(seen).toEqual(['tempo/charge', null, null])
})

test.each([
  ['lightning', 'lightning/charge'],
  ['evm:31337', 'evm/charge'],
  ['mpp', 'evm/charge, lightning/charge'],
  ['l402', null],
])('it names no more than its policy allows: %s', async (only, said) => {
  const seen: (string | null)[] = []
  const fetch = async (_url: string, init: RequestInit) => {
    seen.push(accepts(init))
    return new Response('free')
  }
  await payer(fetch, [evm(), lightning()], { policy: { only: [only] } }).fetch(URL_)
  expect(seen).toEqual([said])
})

test('a page says it to its own server alone: another would be asked by the browser first whether it takes that header', async () => {
  const seen: (string | null)[] = []
  const fetch = async (_url: string, init: RequestInit) => {
    seen.push(accepts(init))
    return new Response('free')
  }
  vi.stubGlobal('location', { href: 'http://pay.example/shop', origin: 'http://pay.example' })
  const sites = ['pay.example', 'api.pay.example']
  const mine = payer(fetch, [evm()], { budget: { perRequest: usd('0.01'), perDay: usd('0.1'), sites } })
  await mine.fetch('/joke')
  await mine.fetch('http://api.pay.example/joke')
  expect(seen).toEqual(['evm/charge', null])
})

test('a server that hides by that header what it takes is asked once more without it', async () => {
  // As mppx does with x402 where its charges are others.
  const hiding = askingServer({ evm: { price: '2000', amount: '2000' } })
  const tempo = 'Payment id="1", realm="r", method="tempo", intent="charge", request="e30"'
  const seen: (string | null)[] = []
  const fetch = async (url: string, init: RequestInit) => {
    seen.push(accepts(init))
    const paying = new Headers(init.headers).has('payment-signature')
    if (accepts(init) !== null && !paying) return new Response('', { status: 402, headers: { 'www-authenticate': tempo } })
    return hiding.fetch(url, init)
  }
  expect((await payer(fetch, [evm()]).fetch(URL_)).status).toBe(200)
  expect(seen.slice(0, 2)).toEqual(['evm/charge', null])
  expect(await payer(fetch, [evm()]).quote(URL_)).toMatchObject({ bids: [{ rail: 'evm:31337' }] })
})

test.each([
  ['knows what is asked and cannot pay it', () => paymentNeeded({ invoice: 'lnbcrt20n1pqqq' }), 1],
  ['does not know what is asked', () => new Response('', { status: 402 }), 2],
])('who %s is told why, and asks no more than that', async (_name, asking, requests) => {
  const fetch = vi.fn(async () => asking())
  await expect(payer(fetch, [evm()]).fetch(URL_)).rejects.toMatchObject({ code: 'no_payable_offer' })
  expect(fetch).toHaveBeenCalledTimes(requests)
})

test('a tool, which has no such header, is called once', async () => {
  const callTool = vi.fn(async () => ({
    isError: true,
    content: [],
    structuredContent: { x402Version: 2, accepts: [], offers: [] },
  }))
  const tools = payTools(
    { callTool },
    { site: 'tools.example', wallets: [evm()], budget: { perRequest: usd('1'), perDay: usd('1'), sites: ['*'] } },
  )
  await expect(tools.callTool({ name: 'shout' })).rejects.toMatchObject({ code: 'no_payable_offer' })
  expect(callTool).toHaveBeenCalledTimes(1)
})
