import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test, vi } from 'vitest'
import { bookWallet } from '../../gateway/client/bookWallet.ts'
import { memoryStore } from '../../gateway/client/budget/memoryStore.ts'
import { evmWallet } from '../../gateway/client/evmWallet.ts'
import { lightningWallet } from '../../gateway/client/lightningWallet.ts'
import { createPayer } from '../../gateway/client/payer.ts'
import type { TransferTypedData } from '../../gateway/client/signer/transferTypedData.ts'
import { dollarsPerBitcoin, usd } from '../../gateway/money/dollars.ts'
import { PREIMAGE, paymentNeeded, TOKEN, URL_ } from './askingServer.ts'

const PAY_TO = `0x${'aa'.repeat(20)}`
const account = privateKeyToAccount(`0x${'42'.repeat(32)}`)
const request = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const mpp =
  (method: string, value: unknown, rest = '') =>
  () =>
    new Response('', {
      status: 402,
      headers: {
        'www-authenticate': `Payment id="c1", realm="r", method="${method}", intent="charge", request="${request(value)}", expires="${new Date(Date.now() + 300_000).toISOString()}"${rest}`,
      },
    })
const charge = {
  amount: '2000',
  currency: TOKEN,
  recipient: PAY_TO,
  methodDetails: { chainId: 31337, credentialTypes: ['authorization'] },
}
const invoice = { amount: '2', currency: 'sat', methodDetails: { invoice: 'lnbcrt20n1pqqq' } }
const v1 = {
  scheme: 'exact',
  network: 'base-sepolia',
  maxAmountRequired: '2000',
  payTo: PAY_TO,
  asset: TOKEN,
  maxTimeoutSeconds: 60,
  extra: { name: 'USD Coin', version: '2' },
}

/** Each way to ask for the same money, by the header of its proof. */
const WIRES: Readonly<Record<string, readonly [header: string, ask: () => Response]>> = {
  'x402 version 2': ['payment-signature', () => paymentNeeded({ evm: { price: '2000', amount: '2000' } })],
  'x402 version 1': ['x-payment', () => Response.json({ x402Version: 1, accepts: [v1] }, { status: 402 })],
  'MPP on a chain': ['authorization', mpp('evm', charge)],
  'MPP on a chain, in its own header': ['payment-authorization', mpp('evm', charge, ', header="Payment-Authorization"')],
  'MPP over Lightning': ['authorization', mpp('lightning', invoice)],
  'MPP over Lightning, in its own header': ['payment-authorization', mpp('lightning', invoice, ', header="Payment-Authorization"')],
  L402: ['authorization', () => paymentNeeded({ invoice: 'lnbcrt20n1pqqq' })],
  'a balance': ['idempotency-key', () => paymentNeeded({ book: '2000' })],
}

/** A server that asks in one way, and answers the n-th proof as it is told. */
function server([header, ask]: (typeof WIRES)[string], answer: (n: number) => Response | Promise<Response>) {
  const proofs: string[] = []
  async function fetch(_url: string, init: RequestInit): Promise<Response> {
    const proof = new Headers(init.headers).get(header)
    if (proof === null) return ask()
    proofs.push(proof)
    return answer(proofs.length)
  }
  return { fetch, proofs }
}

/** A payer whose wallets count how often they signed or paid. */
function payerOf(fetch: ReturnType<typeof server>['fetch'], store = memoryStore()) {
  const took = vi.fn()
  const signTypedData = (data: TransferTypedData) => {
    took()
    return account.signTypedData(data)
  }
  const known = { address: TOKEN, scale: 6, name: 'USD Coin', version: '2' }
  const payInvoice = async () => {
    took()
    return { preimage: PREIMAGE }
  }
  const payer = createPayer({
    wallets: [
      evmWallet({
        account: { address: account.address, signTypedData },
        tokens: [
          { chainId: 31337, ...known },
          { chainId: 84532, ...known },
        ],
      }),
      lightningWallet({ payInvoice, rate: () => dollarsPerBitcoin('100000') }),
      bookWallet({ apiKey: 'sk_1', origins: [URL_] }),
    ],
    budget: { perRequest: usd('0.01'), perDay: usd('0.1'), sites: ['pay.example'] },
    store,
    fetch,
    sleep: async () => {},
  })
  return { payer, took }
}

const gone = () => Promise.reject(new TypeError('fetch failed'))
const LOST: Readonly<Record<string, () => Response | Promise<Response>>> = {
  'an answer that never comes': gone,
  'a 409': () => new Response('', { status: 409, headers: { 'retry-after': '0' } }),
  'a 503': () => new Response('', { status: 503 }),
}

describe.each(Object.entries(WIRES))('a payment by %s', (_wire, wire) => {
  const times = wire[0] === 'idempotency-key' ? 0 : 1
  test.each(Object.entries(LOST))('is shown again after %s, and made once', async (_lost, lost) => {
    const { fetch, proofs } = server(wire, (n) => (n < 3 ? lost() : new Response('ok')))
    const { payer, took } = payerOf(fetch)
    expect(await (await payer.fetch(URL_)).text()).toBe('ok')
    expect([proofs.length, new Set(proofs).size, took.mock.calls.length]).toEqual([3, 1, times])
    expect(await payer.spent()).toEqual(usd('0.002'))
  })
  test('that nothing answered is shown again by the next payer of its store, which pays nothing', async () => {
    const store = memoryStore()
    const state = { online: false }
    const { fetch, proofs } = server(wire, () => (state.online ? new Response('ok') : gone()))
    const first = payerOf(fetch, store)
    await expect(first.payer.fetch(URL_)).rejects.toMatchObject({ code: 'outcome_unknown' })
    state.online = true
    const next = payerOf(fetch, store)
    expect(await (await next.payer.fetch(URL_)).text()).toBe('ok')
    expect([new Set(proofs).size, first.took.mock.calls.length, next.took.mock.calls.length]).toEqual([1, times, 0])
    expect(await next.payer.spent()).toEqual(usd('0.002'))
  })
  test('whose server failed without a word of it stays open: once, for nothing is known, and the same request shows it again', async () => {
    const { fetch, proofs } = server(wire, (n) => new Response(n === 1 ? 'broken' : 'ok', { status: n === 1 ? 500 : 200 }))
    const { payer, took } = payerOf(fetch)
    const broken = await payer.fetch(URL_)
    expect([broken.status, await broken.text(), payer.isOpen(broken), payer.receipt(broken), proofs.length]).toEqual([
      500,
      'broken',
      true,
      null,
      1,
    ])
    expect(await (await payer.fetch(URL_)).text()).toBe('ok')
    expect([proofs.length, new Set(proofs).size, took.mock.calls.length]).toEqual([2, 1, times])
  })
})

test.each([
  ['switchyard-receipt', 'rc_1'],
  ['payment-receipt', request({ status: 'success', method: 'evm', reference: '0x1' })],
  ['payment-response', request({ success: true, transaction: '0x1' })],
])('a failure with a %s is the answer that was paid for', async (name, value) => {
  const { fetch, proofs } = server(WIRES['x402 version 2']!, () => new Response('broken', { status: 500, headers: { [name]: value } }))
  const { payer } = payerOf(fetch)
  const broken = await payer.fetch(URL_)
  expect([payer.isOpen(broken), payer.receipt(broken)?.rail, await broken.text()]).toEqual([false, 'evm:31337', 'broken'])
  await (await payer.fetch(URL_)).text()
  expect(new Set(proofs).size).toBe(2)
})
