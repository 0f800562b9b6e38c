import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { askingServer, type Offered, TOKEN, URL_ } from '../../test/client/askingServer.ts'
import { dollarsPerBitcoin, usd } from '../money/dollars.ts'
import { bookWallet } from './bookWallet.ts'
import { memoryStore } from './budget/memoryStore.ts'
import { evmWallet } from './evmWallet.ts'
import { type LightningWalletOptions, lightningWallet } from './lightningWallet.ts'
import { createPayer, type PayerOptions } from './payer.ts'
import type { Wallet } from './wallet.ts'

const account = privateKeyToAccount(`0x${'42'.repeat(32)}`)
const other = privateKeyToAccount(`0x${'43'.repeat(32)}`)
const tokens = [{ chainId: 31337, address: TOKEN, scale: 6, code: 'USDC' }]
type EvmOptions = Parameters<typeof evmWallet>[0]
const evm = (o: Partial<EvmOptions> = {}) => evmWallet({ account, tokens, ...o })
const lightning = (o: Partial<LightningWalletOptions> = {}) =>
  lightningWallet({ payInvoice: async () => ({ preimage: '11'.repeat(32) }), rate: () => dollarsPerBitcoin('100000'), ...o })
const book = () => bookWallet({ apiKey: 'sk_1', origins: [URL_] })

const ALL: Offered = { book: '2050', evm: { price: '2100', amount: '2000' }, invoice: 'lnbcrt20n1pqqq' }
const EVM: Offered = { evm: { price: '2000', amount: '2000' } }

function payerOf(offered: Offered, wallets: readonly Wallet[], o: Partial<PayerOptions> = {}) {
  const { fetch, proofs } = askingServer(offered)
  const budget = { perRequest: usd('0.01'), perDay: usd('0.1'), sites: ['pay.example'] }
  const payer = createPayer({ wallets, budget, fetch, sleep: async () => {}, ...o })
  async function paid() {
    const receipt = payer.receipt(await payer.fetch(URL_))
    return [receipt?.rail, receipt?.decision?.why]
  }
  return { payer, proofs, paid }
}
const signerIn = (proof: string | undefined) => JSON.parse(Buffer.from(proof ?? '', 'base64').toString()).payload.authorization.from

afterEach(() => vi.useRealTimers())

describe('of several ways the one that costs least in full is taken, and the result says why', () => {
  test('by what it costs with the fees that its rail and its server add', async () => {
    const dear = lightning({ feeMsatMax: () => 1_000n })
    expect(await payerOf(ALL, [evm(), dear, book()]).paid()).toEqual([
      'book',
      'the least of 3 ways: 0.00205 USD, the next is 0.0021 USD by x402 exact on eip155:31337',
    ])
    expect(await payerOf(ALL, [evm(), lightning(), book()]).paid()).toEqual([
      'lightning',
      'the least of 3 ways: 0.002 USD, the next is 0.00205 USD by balance',
    ])
    const quote = await payerOf(ALL, [evm(), dear, book()]).payer.quote(URL_)
    expect(quote?.bids.map(({ rail, cost, fee, scarcity }) => [rail, cost, fee, scarcity])).toEqual([
      ['book', usd('0.00205'), usd('0'), usd('0')],
      ['evm:31337', usd('0.0021'), usd('0.0001'), usd('0')],
      ['lightning', usd('0.003'), usd('0.001'), usd('0')],
    ])
    expect(quote?.why).toBe('the least of 3 ways: 0.00205 USD, the next is 0.0021 USD by x402 exact on eip155:31337')
  })
  test('by what is scarce, where the ways cost the same', async () => {
    const poor = evm({ balanceOf: async () => 4_000n })
    const rich = evm({ account: other, balanceOf: async () => 4_000_000n })
    const { payer, proofs } = payerOf(EVM, [poor, rich])
    const receipt = payer.receipt(await payer.fetch(URL_))
    expect(signerIn(proofs()[0])).toBe(other.address)
    // A thousandth of the amount where it is all that there is, here half of it.
    expect(receipt?.decision?.bids.map(({ scarcity }) => scarcity)).toEqual([usd('0.000001'), usd('0.000001')])
    const careless = payerOf(EVM, [poor, rich], { policy: { scarcityPpm: 0n } })
    await careless.payer.fetch(URL_)
    expect(signerIn(careless.proofs()[0])).toBe(account.address)
    const careful = payerOf(EVM, [poor, lightning({ spendableMsat: async () => 1_000_000_000n })], { policy: { scarcityPpm: 1_000_000n } })
    expect((await careful.payer.quote(URL_))?.bids[0]).toMatchObject({ cost: usd('0.002'), scarcity: usd('0.001') })
  })
  test('with one way, or when the ones before it took nothing', async () => {
    expect(await payerOf(EVM, [evm()]).paid()).toEqual(['evm:31337', 'the only way that a wallet here can pay'])
    const failing = lightning({ payInvoice: async () => ({ failed: 'no route' }) })
    expect(await payerOf(ALL, [evm(), failing]).paid()).toEqual([
      'evm:31337',
      'the next of 2 ways, 0.0021 USD: those before it took nothing (l402: no route)',
    ])
  })
  test('but not for a payment that was made before, of which nothing more is known', async () => {
    const store = memoryStore()
    const down = () => Promise.reject(new TypeError('fetch failed'))
    const { fetch } = askingServer(EVM, down)
    await expect(payerOf(EVM, [evm()], { store, fetch }).payer.fetch(URL_)).rejects.toMatchObject({ code: 'outcome_unknown' })
    const { payer } = payerOf(EVM, [evm()], { store })
    const receipt = payer.receipt(await payer.fetch(URL_))
    expect([receipt?.rail, receipt?.decision]).toEqual(['evm:31337', undefined])
  })
})

describe('a wallet that holds too little', () => {
  test('is not asked to pay, and another pays', async () => {
    const { payer, proofs } = payerOf(ALL, [evm({ balanceOf: async () => 1_999n }), lightning({ spendableMsat: async () => 2_000n })])
    expect(payer.receipt(await payer.fetch(URL_))?.rail).toBe('lightning')
    expect(proofs()).toHaveLength(1)
    const none = payerOf(ALL, [evm({ balanceOf: async () => 1_999n }), lightning({ spendableMsat: async () => 1_999n })])
    await expect(none.payer.fetch(URL_)).rejects.toMatchObject({
      code: 'no_payable_offer',
      meta: {
        refused: [
          {
            offer: 'x402 exact on eip155:31337',
            reason: 'too_little',
            detail: 'the wallet holds 0.001999 USDC of the 0.002 USDC that it asks',
          },
          { offer: 'l402', reason: 'too_little', detail: 'the wallet holds 0.00000001999 BTC of the 0.00000002 BTC that it asks' },
          { offer: 'balance', reason: 'no_wallet' },
        ],
      },
    })
    expect(none.proofs()).toEqual([])
  })
  test('is asked where it cannot say what it holds, or not soon', async () => {
    expect(await payerOf(EVM, [evm({ balanceOf: () => Promise.reject(new Error('no node')) })]).paid()).toMatchObject(['evm:31337', {}])
    vi.useFakeTimers()
    const silent = payerOf(EVM, [evm({ balanceOf: () => new Promise(() => {}) })]).payer.fetch(URL_)
    await vi.advanceTimersByTimeAsync(2_000)
    expect((await silent).status).toBe(200)
  })
  test('says so by its own chain where it is a provider, and is not asked for its accounts for that', async () => {
    const seen: unknown[] = []
    const request = async ({ method, params }: { method: string; params?: unknown[] }) => {
      seen.push(method)
      if (method === 'eth_chainId') return '0x7a69'
      if (method === 'eth_accounts') return [account.address]
      if (method === 'eth_call') {
        expect(params?.[0]).toEqual({ to: TOKEN, data: `0x70a08231${account.address.slice(2).toLowerCase().padStart(64, '0')}` })
        return '0x7cf'
      }
      throw new Error(`asked for ${method}`)
    }
    const quote = await payerOf(EVM, [evm({ account: { request } as unknown as EvmOptions['account'] })]).payer.quote(URL_)
    expect([quote?.bids, quote?.refused[0]?.reason]).toEqual([[], 'too_little'])
    expect(new Set(seen)).toEqual(new Set(['eth_chainId', 'eth_accounts', 'eth_call']))
  })
})

describe('a policy', () => {
  const wallets = () => [evm(), lightning(), book()]
  test.each([
    ['lightning', 'lightning'],
    ['l402', 'lightning'],
    ['evm', 'evm:31337'],
    ['evm:31337', 'evm:31337'],
    ['x402', 'evm:31337'],
    ['book', 'book'],
    ['balance', 'book'],
  ])('that allows %s alone is kept, whatever it costs', async (only, rail) => {
    const { payer } = payerOf(ALL, wallets(), { policy: { only: [only] } })
    const receipt = payer.receipt(await payer.fetch(URL_))
    expect([receipt?.rail, receipt?.decision?.why]).toEqual([rail, `the only way that the policy allows (${only})`])
    expect(receipt?.decision?.refused.map(({ reason }) => reason)).toEqual(['against_policy', 'against_policy'])
  })
  test('that allows several takes the least of them, and none where a server asks for others', async () => {
    expect(await payerOf(ALL, wallets(), { policy: { only: ['x402', 'book'] } }).paid()).toEqual([
      'book',
      'the least of 2 ways that the policy allows (x402, book): 0.00205 USD, the next is 0.0021 USD by x402 exact on eip155:31337',
    ])
    await expect(payerOf(EVM, wallets(), { policy: { only: ['lightning'] } }).payer.fetch(URL_)).rejects.toMatchObject({
      code: 'no_payable_offer',
      meta: { refused: [{ reason: 'against_policy', detail: 'policy.only allows lightning alone' }] },
    })
  })
  test.each([[{ only: [] }], [{ scarcityPpm: -1n }]])('that cannot be meant is refused: %#', (policy) => {
    expect(() => payerOf(EVM, [evm()], { policy })).toThrow(expect.objectContaining({ code: 'unsafe_configuration' }))
  })
})
