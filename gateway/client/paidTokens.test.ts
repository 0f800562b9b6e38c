import { expect, test } from 'vitest'
import { dollarsPerBitcoin, usd } from '../money/dollars.ts'
import { memoryStore } from './budget/memoryStore.ts'
import { lightningWallet } from './lightningWallet.ts'
import { createPayer } from './payer.ts'

const SHOP = 'http://shop.example/a'
const authorizationOf = (init: RequestInit) => new Headers(init.headers).get('authorization')

/** A server of L402 as others write them: whoever has paid may ask as often as the token is good. `gives` are headers of its paid answers. */
function tokenServer(gives: Readonly<Record<string, string>> = {}) {
  const seen: (string | null)[] = []
  const [good, moved] = [new Set<string>(), new Set<string>()]
  let sold = 0
  async function fetch(url: string, init: RequestInit): Promise<Response> {
    const shown = authorizationOf(init)
    seen.push(shown)
    if (moved.has(url) && init.redirect === 'manual') return new Response(null, { status: 302, headers: { location: '/b' } })
    if (shown !== null && good.has(shown)) return new Response(`paid at ${new URL(url).pathname}`, { headers: gives })
    if (shown?.startsWith('Bearer')) return new Response('known')
    const token = `token${++sold}`
    good.add(`L402 ${token}:${'11'.repeat(32)}`)
    return new Response('', { status: 402, headers: { 'www-authenticate': `L402 macaroon="${token}", invoice="lnbcrt20n1pqqq"` } })
  }
  return { fetch, seen, moved, expire: () => good.clear() }
}

function payerAt({ fetch }: ReturnType<typeof tokenServer>, store = memoryStore()) {
  let payments = 0
  const payInvoice = async () => {
    payments++
    return { preimage: '11'.repeat(32) }
  }
  const wallets = [lightningWallet({ payInvoice, rate: () => dollarsPerBitcoin('100000') })]
  const budget = { perRequest: usd('0.01'), perDay: usd('1'), sites: ['shop.example', 'other.example'] }
  const payer = createPayer({ wallets, budget, store, fetch, sleep: async () => {} })
  const read = async (url: string, init?: RequestInit) => (await payer.fetch(url, init)).text()
  return { payer, read, payments: () => payments }
}

test('a token that was paid for is shown again at its server, and costs nothing more', async () => {
  const server = tokenServer()
  const { payer, read, payments } = payerAt(server)
  expect(await read(SHOP)).toBe('paid at /a')
  const again = await payer.fetch(SHOP)
  expect([await again.text(), payer.receipt(again), payer.isOpen(again)]).toEqual(['paid at /a', null, false])
  expect(await read('http://shop.example/b?c=d')).toBe('paid at /b')
  expect([payments(), await payer.spent()]).toEqual([1, usd('0.002')])
})

test('one that is no good any more is paid for anew, and the new one is shown from then on', async () => {
  const server = tokenServer()
  const { read, payments } = payerAt(server)
  await read(SHOP)
  server.expire()
  expect([await read(SHOP), await read(SHOP), payments()]).toEqual(['paid at /a', 'paid at /a', 2])
  expect(server.seen.at(-1)).toMatch(/^L402 token2:/)
})

test('two that are good for different paths are each shown at their own', async () => {
  const server = tokenServer()
  const { read, payments } = payerAt({
    ...server,
    // Each path sells its own: a token of the other is refused.
    fetch: (url, init) =>
      authorizationOf(init)?.startsWith(url.endsWith('/a') ? 'L402 token1:' : 'L402 token2:')
        ? server.fetch(url, init)
        : server.fetch(url, { ...init, headers: {} }),
  })
  for (const path of ['/a', '/b', '/a', '/b']) await read(new URL(path, SHOP).href)
  expect(payments()).toBe(2)
})

test('it outlives the process that paid, in the same store', async () => {
  const [server, store] = [tokenServer(), memoryStore()]
  await payerAt(server, store).read(SHOP)
  const second = payerAt(server, store)
  expect([await second.read(SHOP), second.payments()]).toEqual(['paid at /a', 0])
})

test('no other server sees it, and what the caller sends stays as it is', async () => {
  const server = tokenServer()
  const { read } = payerAt(server)
  await read(SHOP)
  const before = server.seen.length
  await read('http://other.example/a')
  expect(await read(SHOP, { headers: { authorization: 'Bearer mine' } })).toBe('known')
  expect([server.seen[before], server.seen.at(-1)]).toEqual([null, 'Bearer mine'])
})

test('it does not follow a redirect', async () => {
  const server = tokenServer()
  const { read } = payerAt(server)
  await read(SHOP)
  server.moved.add(SHOP)
  const before = server.seen.length
  await read(SHOP).catch(() => undefined)
  expect(server.seen.slice(before, before + 2)).toEqual([expect.stringMatching(/^L402/), null])
})

test('a gateway of ours sells one request a payment: its proof is not shown for a second', async () => {
  const server = tokenServer({ 'switchyard-receipt': 'rc_1' })
  const { read, payments } = payerAt(server)
  await read(SHOP)
  await read(SHOP)
  expect(payments()).toBe(2)
})
