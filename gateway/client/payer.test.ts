import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test, vi } from 'vitest'
import { type Offered, paymentNeeded, askingServer as server, TOKEN, URL_ } from '../../test/client/askingServer.ts'
import { BTC, USD } from '../money/asset.ts'
import { money } from '../money/money.ts'
import type { Rate } from '../money/rate.ts'
import { bookWallet } from './bookWallet.ts'
import { memoryStore } from './budget/memoryStore.ts'
import { evmWallet } from './evmWallet.ts'
import { type LightningWalletOptions, lightningWallet } from './lightningWallet.ts'
import { OPEN_PER_ORIGIN_MAX } from './openPayments.ts'
import { createPayer, type PayerOptions } from './payer.ts'
import { SENDS_MAX } from './sendPaid.ts'
import type { SigningAccount } from './signer/signer.ts'
import type { TransferTypedData } from './signer/transferTypedData.ts'

const usd = (units: bigint) => money(USD, units)
const account = privateKeyToAccount(`0x${'42'.repeat(32)}`)
/** 100,000 USD a bitcoin: one satoshi is 1,000 micro-dollars, so 2 sat are 0.002 USD. */
const rate: Rate = { from: BTC, to: USD, num: 1n, den: 1n, observedAt: 0, source: 'test' }
const preimage = '11'.repeat(32)
const sites = ['pay.example']

function signer() {
  const signTypedData = vi.fn((data: TransferTypedData) => account.signTypedData(data))
  return { address: account.address, signTypedData }
}

const evm = (from: SigningAccount = account) => evmWallet({ account: from, tokens: [{ chainId: 31337, address: TOKEN, scale: 6 }] })
const book = () => bookWallet({ apiKey: 'sk_1', origins: ['http://pay.example'] })
const lightning = (o: Partial<LightningWalletOptions> = {}) =>
  lightningWallet({ payInvoice: async () => ({ preimage }), rate: () => rate, ...o })
const payer = (fetch: PayerOptions['fetch'], o: Partial<PayerOptions> = {}) =>
  createPayer({
    wallets: [evm()],
    budget: { perRequest: usd(10_000n), perDay: usd(20_000n), sites },
    sleep: async () => {},
    ...(fetch ? { fetch } : {}),
    ...o,
  })
const refusal = (code: string) => expect.objectContaining({ name: 'GatewayError', code })

const ALL: Offered = { book: '2000', evm: { price: '2100', amount: '2000' }, invoice: 'lnbcrt30n1pqqq' }
const EVM: Offered = { evm: { price: '2000', amount: '2000' } }
const LIGHTNING: Offered = { invoice: 'lnbcrt20n1pqqq' }
const down = () => Promise.reject(new TypeError('fetch failed'))

describe('a payer', () => {
  test('leaves a free answer alone', async () => {
    const mine = payer(async () => new Response('free'))
    const response = await mine.fetch(URL_)
    expect(await response.text()).toBe('free')
    expect(mine.receipt(response)).toBeNull()
    expect(await mine.quote(URL_)).toBeNull()
  })
  test('takes the cheapest offer for which it has a wallet, and says what it paid', async () => {
    const { fetch, proofs } = server(ALL)
    const mine = payer(fetch, { wallets: [evm(), lightning(), book()] })
    const response = await mine.fetch(URL_)
    expect(proofs()).toEqual(['Bearer sk_1'])
    expect(mine.receipt(response)).toMatchObject({ id: 'rc_1', rail: 'book', cost: usd(2000n) })
    expect(await mine.spent()).toEqual(usd(2000n))
  })
  test('quotes without paying', async () => {
    const { fetch, proofs } = server(ALL)
    const mine = payer(fetch, { wallets: [evm(), lightning(), book()] })
    const quote = await mine.quote(URL_)
    expect(quote?.bids.map((bid) => [bid.rail, bid.cost.units])).toEqual([
      ['book', 2000n],
      ['evm:31337', 2100n],
      ['lightning', 3000n],
    ])
    expect(proofs()).toEqual([])
    expect((await mine.spent()).units).toBe(0n)
  })
  test('sends an idempotency key with a balance: the caller’s, or a new one for each request', async () => {
    const { fetch, seen } = server(ALL)
    const mine = payer(fetch, { wallets: [book()] })
    await mine.fetch(URL_)
    await mine.fetch(URL_)
    await mine.fetch(URL_, { headers: { 'idempotency-key': 'my-own-key' } })
    const keys = seen.filter((s) => s.proof).map((s) => new Headers(s.init.headers).get('idempotency-key'))
    expect(new Set(keys).size).toBe(3)
    expect(keys[2]).toBe('my-own-key')
  })
  test('keeps method, headers and body of the request when it pays', async () => {
    const { fetch, seen } = server(EVM)
    await payer(fetch).fetch(URL_, { method: 'post', body: 'knock', headers: { 'x-who': 'me' } })
    expect(seen.map((s) => [s.init.method, s.init.body, new Headers(s.init.headers).get('x-who')])).toEqual([
      ['POST', 'knock', 'me'],
      ['POST', 'knock', 'me'],
    ])
    expect(seen[1]!.init.redirect).toBe('manual')
  })
  test('refuses a body that can be read only once, before anything is sent', async () => {
    const { fetch, seen } = server(EVM)
    await expect(payer(fetch).fetch(URL_, { method: 'POST', body: new ReadableStream() })).rejects.toEqual(refusal('invalid_request'))
    expect(seen).toEqual([])
  })
})

describe('nothing is signed or paid', () => {
  test('above the budget of a request or of a day', async () => {
    const from = signer()
    const { fetch, proofs } = server(EVM)
    const small = payer(fetch, { wallets: [evm(from)], budget: { perRequest: usd(1_999n), perDay: usd(20_000n), sites } })
    await expect(small.fetch(URL_)).rejects.toEqual(refusal('budget_exceeded'))
    expect(from.signTypedData).not.toHaveBeenCalled()
    const daily = payer(fetch, { wallets: [evm(from)], budget: { perRequest: usd(2_000n), perDay: usd(3_999n), sites } })
    await daily.fetch(URL_)
    await expect(daily.fetch(URL_)).rejects.toEqual(refusal('budget_exceeded'))
    expect(from.signTypedData).toHaveBeenCalledTimes(1)
    expect(proofs()).toHaveLength(1)
  })
  test('above the budget when many requests run at once', async () => {
    const { fetch, proofs } = server(EVM)
    const mine = payer(fetch, { budget: { perRequest: usd(2_000n), perDay: usd(6_000n), sites } })
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => mine.fetch(URL_)))
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(3)
    expect(new Set(proofs()).size).toBe(3)
  })
  test('when a server states less than its invoice or token amount is worth', async () => {
    const payInvoice = vi.fn(async () => ({ preimage }))
    const from = signer()
    const wallets = [lightning({ payInvoice }), evm(from)]
    const { fetch } = server({ lightning: '1', evm: { price: '1', amount: '1000000' }, invoice: 'lnbcrt1m1pqqq' })
    await expect(payer(fetch, { wallets }).fetch(URL_)).rejects.toEqual(refusal('budget_exceeded'))
    expect(payInvoice).not.toHaveBeenCalled()
    expect(from.signTypedData).not.toHaveBeenCalled()
  })
  test('that was not approved, and approval sees where the money goes', async () => {
    const from = signer()
    const approve = vi.fn(() => false)
    const { fetch } = server(EVM)
    await expect(payer(fetch, { wallets: [evm(from)], approve }).fetch(URL_)).rejects.toEqual(refusal('payment_declined'))
    expect(from.signTypedData).not.toHaveBeenCalled()
    const bid = { rail: 'evm:31337', cost: usd(2000n), payee: `0x${'aa'.repeat(20)}` }
    expect(approve).toHaveBeenCalledWith(expect.objectContaining({ origin: 'http://pay.example', bids: [expect.objectContaining(bid)] }))
  })
  test('in a token that is not the wallet’s, and an API key goes to its own gateway only', async () => {
    const { fetch, proofs } = server({ book: '1', evm: { price: '1', amount: '1', token: `0x${'c1'.repeat(20)}` } })
    const wallets = [evm(), bookWallet({ apiKey: 'sk_1', origins: ['http://gateway.example'] }), lightning()]
    await expect(payer(fetch, { wallets }).fetch(URL_)).rejects.toMatchObject({
      code: 'no_payable_offer',
      meta: {
        refused: [
          { offer: 'x402 exact on eip155:31337', reason: 'wrong_token', detail: expect.stringContaining('add it to `tokens`') },
          { offer: 'balance', reason: 'not_your_gateway', detail: expect.stringContaining('add it to `origins`') },
        ],
      },
    })
    expect(proofs()).toEqual([])
  })
  test('by Authorization when the request has one of its own', async () => {
    const seen: string[] = []
    const fetch = async (_url: string, init: RequestInit) => {
      seen.push(String(new Headers(init.headers).get('authorization')))
      return paymentNeeded({ book: '2000', invoice: 'lnbcrt20n1pqqq' })
    }
    const mine = payer(fetch, { wallets: [book(), lightning()] })
    await expect(mine.fetch(URL_, { headers: { authorization: 'Bearer theirs' } })).rejects.toEqual(refusal('no_payable_offer'))
    expect(seen).toEqual(['Bearer theirs'])
  })
})

describe('a paid request whose answer is lost', () => {
  test('is sent again with the same credential', async () => {
    const from = signer()
    const { fetch, proofs } = server(EVM, (n) => (n < 3 ? down() : new Response('ok')))
    expect(await (await payer(fetch, { wallets: [evm(from)] }).fetch(URL_)).text()).toBe('ok')
    expect(proofs()).toHaveLength(3)
    expect(new Set(proofs()).size).toBe(1)
    expect(from.signTypedData).toHaveBeenCalledTimes(1)
  })
  test.each([409, 429, 502, 503, 504])(
    'or open with status %s is sent again, as long as Retry-After asks up to a bound',
    async (status) => {
      const waits: number[] = []
      const { fetch, proofs } = server(EVM, (n) =>
        n < 3 ? new Response('', { status, headers: { 'retry-after': n === 1 ? '2' : '999' } }) : new Response('ok'),
      )
      const sleep = async (ms: number) => void waits.push(ms)
      expect((await payer(fetch, { sleep }).fetch(URL_)).status).toBe(200)
      expect(new Set(proofs()).size).toBe(1)
      expect(waits).toEqual([2_000, 5_000])
    },
  )
  test('or stays open to the end is handed back as it is, and repeated with the same credential later', async () => {
    const from = signer()
    const { fetch, proofs } = server(EVM, (n) => (n <= SENDS_MAX ? new Response('', { status: 503 }) : new Response('ok')))
    const mine = payer(fetch, { wallets: [evm(from)] })
    expect((await mine.fetch(URL_)).status).toBe(503)
    expect(await (await mine.fetch(URL_)).text()).toBe('ok')
    expect(proofs()).toHaveLength(SENDS_MAX + 1)
    expect(new Set(proofs()).size).toBe(1)
    expect(from.signTypedData).toHaveBeenCalledTimes(1)
  })
  test('is answered at once when the handler itself said 503, with a receipt', async () => {
    const { fetch, proofs } = server(EVM, () => new Response('', { status: 503, headers: { 'switchyard-receipt': 'rc_1' } }))
    expect((await payer(fetch).fetch(URL_)).status).toBe(503)
    expect(proofs()).toHaveLength(1)
  })
  test('is given up after a bounded number of sends, and the same request later repeats it without paying', async () => {
    const from = signer()
    let online = false
    const { fetch, proofs, seen } = server(EVM, () => (online ? new Response('ok') : down()))
    const mine = payer(fetch, { wallets: [evm(from)] })
    await expect(mine.fetch(URL_)).rejects.toEqual(refusal('outcome_unknown'))
    expect(proofs()).toHaveLength(SENDS_MAX)
    await expect(mine.fetch(URL_)).rejects.toEqual(refusal('outcome_unknown'))
    online = true
    const before = seen.length
    expect(await (await mine.fetch(URL_)).text()).toBe('ok')
    expect(seen.length - before).toBe(1)
    expect(new Set(proofs()).size).toBe(1)
    expect(from.signTypedData).toHaveBeenCalledTimes(1)
    expect(await mine.spent()).toEqual(usd(2000n))
    await mine.fetch(URL_)
    expect(from.signTypedData).toHaveBeenCalledTimes(2)
  })
  test('is not mistaken for another request', async () => {
    const from = signer()
    let online = false
    const { fetch } = server(EVM, () => (online ? new Response('ok') : down()))
    const mine = payer(fetch, { wallets: [evm(from)] })
    await expect(mine.fetch(URL_, { method: 'POST', body: 'a' })).rejects.toEqual(refusal('outcome_unknown'))
    online = true
    await mine.fetch(URL_, { method: 'POST', body: 'b' })
    expect(from.signTypedData).toHaveBeenCalledTimes(2)
    await mine.fetch(URL_, { method: 'POST', body: 'a' })
    expect(from.signTypedData).toHaveBeenCalledTimes(2)
  })
  test('stays paid for when the caller stops waiting', async () => {
    const from = signer()
    const stop = new AbortController()
    let online = false
    const { fetch } = server(EVM, () => {
      if (online) return new Response('ok')
      stop.abort(new Error('enough'))
      return down()
    })
    const mine = payer(fetch, { wallets: [evm(from)] })
    await expect(mine.fetch(URL_, { signal: stop.signal })).rejects.toThrow('enough')
    online = true
    expect((await mine.fetch(URL_)).status).toBe(200)
    expect(from.signTypedData).toHaveBeenCalledTimes(1)
  })
})

describe('a lightning payment', () => {
  test('proves itself with token and preimage', async () => {
    const { fetch, proofs } = server(LIGHTNING)
    const mine = payer(fetch, { wallets: [lightning()] })
    const response = await mine.fetch(URL_)
    expect(proofs()).toEqual([`L402 AgJC:${preimage}`])
    expect(mine.receipt(response)).toMatchObject({ rail: 'lightning', cost: usd(2000n), amount: money(BTC, 2000n) })
  })
  test('whose outcome is unknown is looked up and never paid again', async () => {
    const payInvoice = vi.fn(() => Promise.reject(new Error('timed out')))
    let found: { preimage: string } | undefined
    const { fetch, proofs } = server(LIGHTNING)
    const mine = payer(fetch, { wallets: [lightning({ payInvoice, lookupInvoice: async () => found })] })
    await expect(mine.fetch(URL_)).rejects.toEqual(refusal('outcome_unknown'))
    await expect(mine.fetch(URL_)).rejects.toEqual(refusal('outcome_unknown'))
    expect(await mine.spent()).toEqual(usd(2000n))
    found = { preimage }
    expect((await mine.fetch(URL_)).status).toBe(200)
    expect(payInvoice).toHaveBeenCalledTimes(1)
    expect(proofs()).toEqual([`L402 AgJC:${preimage}`])
  })
  test('stays open when even the look-up fails', async () => {
    const payInvoice = vi.fn(() => Promise.reject(new Error('timed out')))
    const lookupInvoice = vi.fn(() => Promise.reject(new Error('node is down')))
    const { fetch } = server(LIGHTNING)
    const mine = payer(fetch, { wallets: [lightning({ payInvoice, lookupInvoice })] })
    for (const _ of [1, 2, 3]) await expect(mine.fetch(URL_)).rejects.toEqual(refusal('outcome_unknown'))
    expect([payInvoice.mock.calls.length, lookupInvoice.mock.calls.length]).toEqual([1, 3])
  })
  test('that failed for good costs nothing, and the next wallet pays', async () => {
    const payInvoice = async () => ({ failed: 'no route' })
    const { fetch, proofs } = server({ ...LIGHTNING, evm: { price: '5000', amount: '5000' } })
    const mine = payer(fetch, { wallets: [lightning({ payInvoice }), evm()] })
    const response = await mine.fetch(URL_)
    expect(mine.receipt(response)?.rail).toBe('evm:31337')
    expect(proofs()).toHaveLength(1)
    expect(await mine.spent()).toEqual(usd(5000n))
  })
})

describe('a payment that was left open', () => {
  const lost = () => Promise.reject(new Error('timed out'))
  test('is looked up by the next payer of the same store, and costs what it cost', async () => {
    const store = memoryStore()
    const payInvoice = vi.fn(lost)
    const { fetch } = server(LIGHTNING)
    const first = payer(fetch, { store, wallets: [lightning({ payInvoice })] })
    await expect(first.fetch(URL_)).rejects.toEqual(refusal('outcome_unknown'))
    const none = payer(fetch, { store, wallets: [evm()] })
    await expect(none.fetch(URL_)).rejects.toMatchObject({
      code: 'outcome_unknown',
      hint: expect.stringContaining('the wallet that it had'),
    })
    const next = payer(fetch, { store, wallets: [lightning({ payInvoice, lookupInvoice: async () => ({ preimage }) })] })
    expect(next.receipt(await next.fetch(URL_))).toMatchObject({ rail: 'lightning', cost: usd(2000n), amount: money(BTC, 2000n) })
    expect(payInvoice).toHaveBeenCalledTimes(1)
    expect(await next.spent()).toEqual(usd(2000n))
  })
  test('and that the wallet later says has failed is given back, and another is made', async () => {
    const store = memoryStore()
    const { fetch } = server(LIGHTNING)
    await expect(payer(fetch, { store, wallets: [lightning({ payInvoice: lost })] }).fetch(URL_)).rejects.toEqual(
      refusal('outcome_unknown'),
    )
    const next = payer(fetch, { store, wallets: [lightning({ lookupInvoice: async () => ({ failed: 'no route' }) })] })
    expect((await next.fetch(URL_)).status).toBe(200)
    expect(await next.spent()).toEqual(usd(2000n))
  })
  test('is another request’s when its idempotency key is another', async () => {
    const store = memoryStore()
    const { fetch } = server(LIGHTNING)
    const request = (key: string) => ({ headers: { 'idempotency-key': key } })
    await expect(payer(fetch, { store, wallets: [lightning({ payInvoice: lost })] }).fetch(URL_, request('a'))).rejects.toEqual(
      refusal('outcome_unknown'),
    )
    expect((await payer(fetch, { store, wallets: [lightning()] }).fetch(URL_, request('b'))).status).toBe(200)
  })
  test('is forgotten when a person says so, and stays spent', async () => {
    const { fetch } = server(LIGHTNING)
    const store = memoryStore()
    await expect(payer(fetch, { store, wallets: [lightning({ payInvoice: lost })] }).fetch(URL_)).rejects.toEqual(
      refusal('outcome_unknown'),
    )
    const next = payer(fetch, { store, wallets: [lightning()] })
    expect([await next.forget(URL_), await next.forget(URL_)]).toEqual([1, 0])
    expect((await next.fetch(URL_)).status).toBe(200)
    expect(await next.spent()).toEqual(usd(4000n))
  })
  test('that cannot be written down is not made', async () => {
    const payInvoice = vi.fn(async () => ({ preimage }))
    const from = signer()
    const kept = memoryStore()
    const store = {
      get: kept.get,
      set: (key: string, value: string, before?: string) => (key.endsWith('/open') ? lost() : kept.set(key, value, before)),
    }
    const { fetch, proofs } = server({ ...LIGHTNING, evm: { price: '5000', amount: '5000' } })
    await expect(payer(fetch, { store, wallets: [lightning({ payInvoice })] }).fetch(URL_)).rejects.toEqual(refusal('budget_store_failed'))
    await expect(payer(fetch, { store, wallets: [evm(from)] }).fetch(URL_)).rejects.toEqual(refusal('budget_store_failed'))
    expect(payInvoice).not.toHaveBeenCalled()
    expect(proofs()).toEqual([])
  })
  test('counts, and with too many of them nothing new is paid', async () => {
    const store = memoryStore()
    const wallets = [book()]
    const mine = payer(server({ book: '2000' }, down).fetch, {
      store,
      wallets,
      budget: { perRequest: usd(2_000n), perDay: usd(2_000_000n), sites },
    })
    const open = Array.from({ length: OPEN_PER_ORIGIN_MAX }, (_, i) => mine.fetch(`${URL_}?${i}`))
    expect((await Promise.allSettled(open)).every(({ status }) => status === 'rejected')).toBe(true)
    const spent = await mine.spent()
    await expect(mine.fetch(URL_)).rejects.toEqual(refusal('too_busy'))
    expect(await mine.spent()).toEqual(spent)
  })
})

test('when a balance is too small the next wallet pays, and the balance counts as unspent', async () => {
  const { fetch, proofs } = server(ALL, (n) => (n === 1 ? new Response('{}', { status: 402 }) : new Response('ok')))
  const mine = payer(fetch, { wallets: [book(), evm()] })
  expect((await mine.fetch(URL_)).status).toBe(200)
  expect(proofs()[0]).toBe('Bearer sk_1')
  expect(await mine.spent()).toEqual(usd(2100n))
})

test('a refused signature is not followed by another payment, and counts as spent', async () => {
  const from = signer()
  const { fetch } = server(EVM, () => new Response('{}', { status: 402 }))
  const mine = payer(fetch, { wallets: [evm(from), lightning()] })
  const response = await mine.fetch(URL_)
  expect(response.status).toBe(402)
  expect(from.signTypedData).toHaveBeenCalledTimes(1)
  expect(await mine.spent()).toEqual(usd(2000n))
  expect(mine.receipt(response)).toMatchObject({ rail: 'evm:31337', id: undefined })
})

test('a wallet that throws while signing spends nothing', async () => {
  const from = { address: account.address, signTypedData: () => Promise.reject(new Error('locked')) }
  const mine = payer(server(EVM).fetch, { wallets: [evm(from)] })
  await expect(mine.fetch(URL_)).rejects.toThrow('locked')
  expect((await mine.spent()).units).toBe(0n)
})
