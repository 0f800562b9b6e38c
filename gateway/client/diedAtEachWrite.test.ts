import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { paymentNeeded, TOKEN, URL_ } from '../../test/client/askingServer.ts'
import { dollarsPerBitcoin, usd } from '../money/dollars.ts'
import type { BudgetStore } from './budget/budgetStore.ts'
import { memoryStore } from './budget/memoryStore.ts'
import { evmWallet } from './evmWallet.ts'
import { lightningWallet } from './lightningWallet.ts'
import { createPayer } from './payer.ts'

const PREIMAGE = '11'.repeat(32)
const COST = usd('0.002')
const MINUTE_MS = 60_000
const hasOpen = async (store: BudgetStore) => ((await store.get('switchyard-client/open')) ?? '[]') !== '[]'
const never = <T>() => new Promise<T>(() => {})

/** A shop and a wallet that outlive the payers that use them. */
function outside() {
  const proofs = new Set<string>()
  const invoices: string[] = []
  const state = { now: 1_800_000_000_000 }
  async function fetch(_url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    const proof = headers.get('payment-signature') ?? headers.get('authorization')
    if (proof === null) return paymentNeeded(shop.offered)
    proofs.add(proof)
    return new Response('a joke')
  }
  const shop = { proofs, invoices, state, fetch, offered: {} }
  return shop
}
type Outside = ReturnType<typeof outside>

/** A payer of this store. When the process is to die at its n-th write, nothing of it happens any more, before or after that write. */
function payerOf(shop: Outside, store: BudgetStore, dies?: Readonly<{ at: number; when: 'before' | 'after' }>) {
  let writes = 0
  let isDead = false
  let died = () => {}
  const death = new Promise<void>((resolve) => {
    died = resolve
  })
  const alive = <T>(act: () => Promise<T>): Promise<T> => (isDead ? never<T>() : act())
  async function set(key: string, value: string, before: string | undefined): Promise<boolean> {
    const isLast = ++writes === dies?.at
    if (isDead || (isLast && dies?.when === 'before')) return end()
    const done = await store.set(key, value, before)
    return isLast ? end() : done
  }
  function end(): Promise<never> {
    isDead = true
    died()
    return never()
  }
  const payer = createPayer({
    wallets: [
      evmWallet({
        account: privateKeyToAccount(`0x${'42'.repeat(32)}`),
        tokens: [{ chainId: 31337, address: TOKEN, scale: 6 }],
        now: () => shop.state.now,
      }),
      lightningWallet({
        rate: () => dollarsPerBitcoin('100000'),
        payInvoice: ({ invoice }) =>
          alive(async () => {
            shop.invoices.push(invoice)
            return { preimage: PREIMAGE }
          }),
        lookupInvoice: async ({ invoice }) =>
          shop.invoices.includes(invoice) ? { preimage: PREIMAGE } : { failed: 'it was never asked to pay' },
      }),
    ],
    budget: { perRequest: usd('0.01'), perDay: usd('0.004'), sites: ['pay.example'] },
    store: { get: (key) => alive(() => store.get(key)), set },
    fetch: (url, init) => alive(() => shop.fetch(url, init)),
    now: () => shop.state.now,
    sleep: async () => {},
  })
  const read = async () => (await payer.fetch(URL_)).text()
  return { payer, read, death, writes: () => writes }
}

describe.each([
  ['a signature', { evm: { price: '2000', amount: '2000' } }],
  ['an invoice', { invoice: 'lnbcrt20n1pqqq' }],
])('a payer by %s', (_name, offered) => {
  const shopOf = () => Object.assign(outside(), { offered })
  test('that dies before or after any of its writes has paid once when its request is made again, and the budget says so', async () => {
    const whole = shopOf()
    const { read, writes } = payerOf(whole, memoryStore())
    expect(await read()).toBe('a joke')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(writes()).toBeGreaterThanOrEqual(3)
    let answered = 0
    for (let at = 1; at <= writes(); at++) {
      for (const when of ['before', 'after'] as const) {
        const [shop, store] = [shopOf(), memoryStore()]
        const first = payerOf(shop, store, { at, when })
        await Promise.race([first.read().then(() => first.death), first.death])
        shop.state.now += MINUTE_MS
        // Then its answer was here, and the same request is another one.
        if (shop.proofs.size > 0 && !(await hasOpen(store))) {
          answered++
          continue
        }
        const next = payerOf(shop, store)
        expect(await next.read(), `${when} write ${at}`).toBe('a joke')
        // What was set aside and never paid is given back once nobody can be paying it any more.
        shop.state.now += 30 * MINUTE_MS
        const [spent, wanted] = [await next.payer.spent(), new Set(shop.proofs).size]
        expect([wanted, spent, shop.invoices.length], `${when} write ${at}`).toEqual([1, COST, 'invoice' in offered ? 1 : 0])
      }
    }
    expect(answered).toBe(1)
  })
  test('that dies and is not asked again leaves what it may have spent in the budget, and no more', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; at <= 6; at++) {
        const [shop, store] = [shopOf(), memoryStore()]
        const first = payerOf(shop, store, { at, when })
        await Promise.race([first.read().then(() => new Promise((resolve) => setTimeout(resolve, 20))), first.death])
        shop.state.now += 30 * MINUTE_MS
        const spent = await payerOf(shop, store).payer.spent()
        const mayBePaid = (await hasOpen(store)) || shop.proofs.size > 0
        expect(spent, `${when} write ${at}`).toEqual(mayBePaid ? COST : usd('0'))
      }
    }
  })
})

test('what is signed too late, when its amount may count as nobody’s, is not shown', async () => {
  const shop = Object.assign(outside(), { offered: { evm: { price: '2000', amount: '2000' } } })
  const account = privateKeyToAccount(`0x${'42'.repeat(32)}`)
  const slow = {
    address: account.address,
    signTypedData: async (data: Parameters<typeof account.signTypedData>[0]) => {
      shop.state.now += 6 * MINUTE_MS
      return account.signTypedData(data)
    },
  }
  const payer = createPayer({
    wallets: [evmWallet({ account: slow as typeof account, tokens: [{ chainId: 31337, address: TOKEN, scale: 6 }] })],
    budget: { perRequest: usd('0.01'), perDay: usd('0.004'), sites: ['pay.example'] },
    fetch: shop.fetch,
    now: () => shop.state.now,
  })
  await expect(payer.fetch(URL_)).rejects.toMatchObject({ code: 'payment_declined', shortMessage: expect.stringContaining('5 minutes') })
  expect([shop.proofs.size, await payer.spent()]).toEqual([0, usd('0')])
})
