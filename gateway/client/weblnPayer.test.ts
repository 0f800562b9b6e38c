import { describe, expect, test, vi } from 'vitest'
import { dollarsPerBitcoin, usd } from '../money/dollars.ts'
import { lightningWallet } from './lightningWallet.ts'
import { createPayer } from './payer.ts'
import { weblnPayer } from './weblnPayer.ts'

const preimage = '11'.repeat(32)
const invoice = 'lnbcrt20n1pqqq'
const provider = (o: { enable?: () => Promise<void>; sendPayment?: () => Promise<{ preimage: string }> } = {}) => ({
  enable: vi.fn(o.enable ?? (async () => undefined)),
  sendPayment: vi.fn(o.sendPayment ?? (async () => ({ preimage }))),
})
const fails = (message: string) => () => Promise.reject(new Error(message))

describe('a browser’s Lightning wallet', () => {
  test('is opened and pays', async () => {
    const webln = provider()
    expect(await weblnPayer(webln).payInvoice({ invoice })).toEqual({ preimage })
    expect(webln.sendPayment).toHaveBeenCalledWith(invoice)
  })
  test('that stays closed to the page, or whose person says no, has certainly not paid', async () => {
    const closed = provider({ enable: fails('User rejected') })
    expect(await weblnPayer(closed).payInvoice({ invoice })).toEqual({ failed: expect.stringContaining('not open to this page') })
    expect(closed.sendPayment).not.toHaveBeenCalled()
    const rejected = provider({ sendPayment: fails('User rejected') })
    expect(await weblnPayer(rejected).payInvoice({ invoice })).toEqual({ failed: 'the person said no: User rejected' })
  })
  test('that fails otherwise may have paid, and the same request pays nothing more', async () => {
    const webln = provider({ sendPayment: fails('timeout') })
    const asked = () => new Response(null, { status: 402, headers: { 'www-authenticate': `L402 macaroon="m", invoice="${invoice}"` } })
    const payer = createPayer({
      wallets: [lightningWallet({ ...weblnPayer(webln), rate: () => dollarsPerBitcoin('100000') })],
      budget: { perRequest: usd('0.01'), perDay: usd('0.01'), sites: ['a.example'] },
      fetch: async () => asked(),
    })
    for (const _ of [1, 2]) await expect(payer.fetch('https://a.example')).rejects.toMatchObject({ code: 'outcome_unknown' })
    expect(webln.sendPayment).toHaveBeenCalledTimes(1)
    expect(await payer.spent()).toEqual(usd('0.002'))
  })
})
