import { expect, test } from 'vitest'
import { dollarsPerBitcoin, usd } from '../money/dollars.ts'
import { encodeMacaroon } from '../payins/challenge/macaroon.ts'
import { lightningWallet } from './lightningWallet.ts'
import { createPayer } from './payer.ts'

const SHOP = 'http://shop.example'
const NOW_S = 1_800_000_000

const macaroon = (sold: number, caveats: readonly string[]) =>
  encodeMacaroon({ location: 'shop', identifier: Buffer.alloc(66, sold), caveats, signature: Buffer.alloc(32, sold) })

/** A server of L402 whose tokens have these caveats, and which takes whatever it sold; what was shown to it, and how often it was paid. */
function shop(caveats: readonly string[], o: Readonly<{ gives?: Readonly<Record<string, string>>; coded?: 'base64' | 'base64url' }> = {}) {
  const shown: string[] = []
  let asked = 0
  let paid = 0
  const state = { nowS: NOW_S }
  async function fetch(url: string, init: RequestInit): Promise<Response> {
    const proof = new Headers(init.headers).get('authorization')
    shown.push(`${init.method} ${new URL(url).pathname} ${proof === null ? '-' : 'token'}`)
    if (proof !== null) return new Response('ok', { headers: o.gives ?? {} })
    const token = macaroon(++asked, caveats).toString(o.coded ?? 'base64')
    return new Response('', { status: 402, headers: { 'www-authenticate': `L402 macaroon="${token}", invoice="lnbcrt20n1pqqq"` } })
  }
  const payInvoice = async () => {
    paid++
    return { preimage: '11'.repeat(32) }
  }
  const payer = createPayer({
    wallets: [lightningWallet({ payInvoice, rate: () => dollarsPerBitcoin('100000') })],
    budget: { perRequest: usd('0.01'), perDay: usd('1'), sites: ['shop.example'] },
    fetch,
    now: () => state.nowS * 1_000,
    sleep: async () => {},
  })
  const get = async (path: string, init?: RequestInit) => (await payer.fetch(`${SHOP}${path}`, init)).text()
  return { get, shown, state, paid: () => paid }
}

test.each([['shop_valid_until=1800000060'], ['valid_until = 1800000060'], ['expires_at=1800000060'], ['time-before 2027-01-15T08:01:00Z']])(
  'a token that says %s is shown until then, and not afterwards',
  async (caveat) => {
    const { get, shown, state, paid } = shop(['services=shop:0', caveat, 'valid_until=1900000000'])
    await get('/a')
    state.nowS += 59
    await get('/a')
    expect([paid(), shown.at(-1)]).toEqual([1, 'GET /a token'])
    state.nowS += 1
    await get('/a')
    // Asked without it first: what it no longer buys is not wasted on the server's word.
    expect([paid(), shown.slice(-2)]).toEqual([2, ['GET /a -', 'GET /a token']])
  },
)

test('one that names the paths it is good for is tried at these, wherever they are, and at no others', async () => {
  const { get, shown, paid } = shop(['path=/books/*'])
  await get('/books/1')
  await get('/books/shelf/2')
  expect([paid(), shown.slice(2)]).toEqual([1, ['GET /books/shelf/2 -', 'GET /books/shelf/2 token']])
  await get('/books')
  await get('/films/1')
  expect([paid(), shown.slice(4)]).toEqual([3, ['GET /books -', 'GET /books token', 'GET /films/1 -', 'GET /films/1 token']])
  const one = shop(['RequestPath=/books/1'])
  await one.get('/books/1')
  await one.get('/books/2')
  expect(one.paid()).toBe(2)
})

test('one that names its method is shown with no other', async () => {
  const { get, paid } = shop(['method=GET'])
  await get('/a')
  await get('/a', { method: 'HEAD' })
  expect(paid()).toBe(1)
  await get('/a', { method: 'POST', body: 'x' })
  expect(paid()).toBe(2)
})

test.each(['base64', 'base64url'] as const)('a pass of a gateway of ours is kept (%s), the token of one request is not', async (coded) => {
  const gives = { 'switchyard-receipt': 'rc_1' }
  const pass = shop(['services=switchyard:0', 'pass=uses.2000.2000', 'route=ab', 'switchyard_valid_until=1900000000', 'uses=100'], {
    gives,
    coded,
  })
  for (let i = 0; i < 3; i++) await pass.get('/a')
  expect(pass.paid()).toBe(1)
  const once = shop(['route=ab', 'price_micro_usd=2000', 'amount_msat=2000', 'valid_until=1900000000'], { gives, coded })
  for (let i = 0; i < 3; i++) await once.get('/a')
  expect(once.paid()).toBe(3)
})

test('what is no macaroon, or one of a kind that is not known here, is shown until it is refused', async () => {
  for (const bytes of [
    Buffer.from('not one'),
    Buffer.from([2]),
    Buffer.from([2, 2, 200]),
    macaroon(1, ['x']).subarray(0, 80),
    Buffer.alloc(0),
  ]) {
    let sold = 0
    const payer = createPayer({
      wallets: [lightningWallet({ payInvoice: async () => ({ preimage: '11'.repeat(32) }), rate: () => dollarsPerBitcoin('100000') })],
      budget: { perRequest: usd('0.01'), perDay: usd('1'), sites: ['shop.example'] },
      fetch: async (_url, init) => {
        if (new Headers(init.headers).has('authorization')) return new Response('ok')
        sold++
        const token = bytes.length === 0 ? '%%%' : bytes.toString('base64')
        return new Response('', { status: 402, headers: { 'www-authenticate': `L402 macaroon="${token}", invoice="lnbcrt20n1pqqq"` } })
      },
    })
    for (let i = 0; i < 2; i++) await (await payer.fetch(`${SHOP}/a`)).text()
    expect(sold).toBe(1)
  }
})
