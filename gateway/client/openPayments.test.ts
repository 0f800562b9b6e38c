import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { askingServer, TOKEN, URL_ } from '../../test/client/askingServer.ts'
import { USD } from '../money/asset.ts'
import { usd } from '../money/dollars.ts'
import { money } from '../money/money.ts'
import { memoryStore } from './budget/memoryStore.ts'
import { evmWallet } from './evmWallet.ts'
import { createOpenPayments, OPEN_MAX, OPEN_PER_ORIGIN_MAX, SLACK_S } from './openPayments.ts'
import { createPayer } from './payer.ts'
import type { Kept } from './wallet.ts'

const NOW_S = 1_800_000_000
const cost = money(USD, 2_000n)
const bid = { offer: 'an offer', rail: 'book' as const, cost, amount: cost, payee: 'somebody' }
const signed = (validBefore: number): Kept => ({ kind: 'signed', header: ['payment-signature', 'x'], proof: '0x1', validBefore })
const balance: Kept = { kind: 'balance', origin: 'https://a.example', idempotencyKey: 'k' }
const payment = (id: string, host: string, kept: Kept) => ({ id, key: `key ${id}`, url: `https://${host}/${id}`, bid, kept })

function opened(nowS = NOW_S) {
  const store = memoryStore()
  const at = (s: number) => createOpenPayments(store, { now: () => s * 1_000, settle: async () => {} })
  return { open: at(nowS), at }
}
async function fill(open: ReturnType<typeof createOpenPayments>, host: string, kept: Kept) {
  for (let i = 0; i < OPEN_PER_ORIGIN_MAX; i++) await open.keep(payment(`${host}-${i}`, host, kept))
  for (let i = 0; i < OPEN_PER_ORIGIN_MAX; i++) open.leave(`${host}-${i}`)
}

test('one site that leaves payments open stops payments to itself alone', async () => {
  const { open } = opened()
  await fill(open, 'a.example', balance)
  await expect(open.keep(payment('more', 'a.example', balance))).rejects.toMatchObject({
    code: 'too_busy',
    meta: { origin: 'https://a.example' },
  })
  await open.keep(payment('other', 'b.example', balance))
  // The same payment is written again with what has become known of it.
  await open.keep(payment('a.example-0', 'a.example', balance))
})

test('many sites together are bounded too', async () => {
  const { open } = opened()
  for (let i = 0; i < OPEN_MAX / OPEN_PER_ORIGIN_MAX; i++) await fill(open, `${i}.example`, balance)
  await expect(open.keep(payment('more', 'a.example', balance))).rejects.toMatchObject({ code: 'too_busy' })
})

test('a signature that nobody can use any more makes room, and only where room is needed', async () => {
  const { open, at } = opened()
  await fill(open, 'a.example', signed(NOW_S))
  const before = at(NOW_S + SLACK_S)
  await expect(before.keep(payment('more', 'a.example', balance))).rejects.toMatchObject({ code: 'too_busy' })
  const later = at(NOW_S + SLACK_S + 1)
  await later.keep(payment('other', 'b.example', balance))
  expect((await later.take('key a.example-0'))?.id).toBe('a.example-0')
  later.leave('a.example-0')
  await later.keep(payment('more', 'a.example', balance))
  expect(await later.take('key a.example-0')).toBeUndefined()
})

test('a signature of a payment that is under way is not dropped', async () => {
  const { open, at } = opened()
  await fill(open, 'a.example', signed(NOW_S))
  const later = at(NOW_S + SLACK_S + 1)
  await later.take('key a.example-3')
  await later.keep(payment('more', 'a.example', balance))
  later.leave('a.example-3')
  expect((await later.take('key a.example-3'))?.id).toBe('a.example-3')
})

test('a payer whom one site never answers pays others', async () => {
  const { fetch } = askingServer({ evm: { price: '2000', amount: '2000' } })
  const paid = (init: RequestInit) => new Headers(init.headers).has('payment-signature')
  const mine = createPayer({
    wallets: [evmWallet({ account: privateKeyToAccount(`0x${'42'.repeat(32)}`), tokens: [{ chainId: 31337, address: TOKEN, scale: 6 }] })],
    budget: { perRequest: usd('0.01'), perDay: usd('10'), sites: ['*'] },
    fetch: (url, init) => (url.startsWith(URL_) && paid(init) ? Promise.reject(new TypeError('fetch failed')) : fetch(url, init)),
    sleep: async () => {},
  })
  await Promise.allSettled(Array.from({ length: OPEN_PER_ORIGIN_MAX }, (_, i) => mine.fetch(`${URL_}?${i}`)))
  await expect(mine.fetch(URL_)).rejects.toMatchObject({ code: 'too_busy' })
  expect((await mine.fetch('http://other.example/')).status).toBe(200)
})
