import { createHash } from 'node:crypto'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test, vi } from 'vitest'
import { askingServer as server, TOKEN, URL_ } from '../../test/client/askingServer.ts'
import { USD } from '../money/asset.ts'
import { usd as dollars, dollarsPerBitcoin } from '../money/dollars.ts'
import { money } from '../money/money.ts'
import { evmWallet } from './evmWallet.ts'
import { lightningWallet } from './lightningWallet.ts'
import { createPayer, type PayerOptions } from './payer.ts'
import type { TransferTypedData } from './signer/transferTypedData.ts'

const usd = (units: bigint) => money(USD, units)
const account = privateKeyToAccount(`0x${'42'.repeat(32)}`)
const preimage = '11'.repeat(32)
const signer = () => ({ address: account.address, signTypedData: vi.fn((data: TransferTypedData) => account.signTypedData(data)) })
const evm = (from = signer()) => evmWallet({ account: from, tokens: [{ chainId: 31337, address: TOKEN, scale: 6 }] })
const lightning = () => lightningWallet({ payInvoice: async () => ({ preimage }), rate: () => dollarsPerBitcoin('100000') })
const budget = { perRequest: dollars('0.01'), perDay: dollars('0.02'), sites: ['pay.example'] }
const payer = (fetch: PayerOptions['fetch'] & object, o: Partial<PayerOptions> = {}) =>
  createPayer({ wallets: [evm()], budget, fetch, ...o })
const EVM = { evm: { price: '2000', amount: '2000' } }

describe('what is shown', () => {
  test('of a quote is the total, the payee and every refusal, and it prints as JSON', async () => {
    const quote = await payer(server({ book: '2000', evm: { price: '2100', amount: '2000' }, invoice: 'lnbcrt30n1pqqq' }).fetch).quote(URL_)
    expect(quote).toMatchObject({ total: usd(2100n), origin: 'http://pay.example' })
    expect(JSON.parse(JSON.stringify(quote))).toEqual({
      url: URL_,
      origin: 'http://pay.example',
      total: { asset: 'USD', amount: '0.0021', units: '2100' },
      why: 'the only way that a wallet here can pay',
      bids: [
        {
          offer: 'x402 exact on eip155:31337',
          rail: 'evm:31337',
          cost: { asset: 'USD', amount: '0.0021', units: '2100' },
          amount: { asset: `eip155:31337/erc20:${TOKEN}`, amount: '0.002', units: '2000' },
          payee: `0x${'aa'.repeat(20)}`,
          fee: { asset: 'USD', amount: '0.0001', units: '100' },
          scarcity: { asset: 'USD', amount: '0', units: '0' },
        },
      ],
      refused: [
        { offer: 'l402', reason: 'no_wallet', detail: 'it takes a Lightning wallet, and there is none here' },
        { offer: 'balance', reason: 'no_wallet', detail: 'it takes an API key of this gateway, and there is none here' },
      ],
    })
  })
  test('of a payment is a receipt that prints as JSON and holds no secret', async () => {
    const transaction = `0x${'ab'.repeat(32)}`
    const json = Buffer.from(JSON.stringify({ success: true, transaction })).toString('base64')
    const { fetch } = server({ invoice: 'lnbcrt20n1pqqq' }, () => new Response('ok', { headers: { 'payment-response': json } }))
    const mine = payer(fetch, { wallets: [lightning()] })
    const printed = JSON.stringify(mine.receipt(await mine.fetch(URL_)))
    const way = {
      offer: 'l402',
      rail: 'lightning',
      cost: { asset: 'USD', amount: '0.002', units: '2000' },
      amount: { asset: 'BTC', amount: '0.00000002', units: '2000' },
      payee: 'lnbcrt20n1pqqq',
    }
    const none = { asset: 'USD', amount: '0', units: '0' }
    expect(JSON.parse(printed)).toEqual({
      ...way,
      url: URL_,
      decision: { why: 'the only way that a wallet here can pay', bids: [{ ...way, fee: none, scarcity: none }], refused: [] },
      proof: createHash('sha256').update(Buffer.from(preimage, 'hex')).digest('hex'),
      transaction,
    })
    expect(printed).not.toContain(preimage)
  })
  test('of a budget that does not allow the site names it, and the wallet is not asked', async () => {
    const from = signer()
    const { fetch } = server(EVM)
    const mine = payer(fetch, { wallets: [evm(from)], budget: { perRequest: usd(9_000n), perDay: usd(9_000n), sites: ['other.example'] } })
    await expect(mine.fetch(URL_)).rejects.toMatchObject({
      code: 'budget_exceeded',
      meta: { limit: 'sites', refused: [{ offer: 'x402 exact on eip155:31337', reason: 'above_budget' }] },
    })
    expect(from.signTypedData).not.toHaveBeenCalled()
  })
  test('of a store that fails is its reason, and the wallet is not asked', async () => {
    const from = signer()
    const store = { get: async () => undefined, set: () => Promise.reject(new Error('disk full')) }
    await expect(payer(server(EVM).fetch, { wallets: [evm(from)], store }).fetch(URL_)).rejects.toMatchObject({
      code: 'budget_store_failed',
    })
    expect(from.signTypedData).not.toHaveBeenCalled()
  })
})
