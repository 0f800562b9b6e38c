import { parseBip21 } from '@getalby/lightning-tools/bip21'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { readBitcoinUri } from './readBitcoinUri.ts'
import { writeBitcoinUri } from './writeBitcoinUri.ts'

const btc = (msat: bigint) => money(BTC, msat)
const nothing = { address: undefined, amount: undefined, label: undefined, message: undefined, lightning: undefined, offer: undefined }

test('what is written is read again, by us and by an unmodified client', () => {
  const uri = writeBitcoinUri({ amount: btc(2_100_000n), lightning: 'lnbc21u1xyz', offer: 'lno1abc', message: 'tea & cake + 10 %' })
  expect(uri).toBe('bitcoin:?amount=0.000021&message=tea%20%26%20cake%20%2B%2010%20%25&lightning=lnbc21u1xyz&lno=lno1abc')
  expect(readBitcoinUri(uri)).toEqual({
    ...nothing,
    amount: btc(2_100_000n),
    message: 'tea & cake + 10 %',
    lightning: 'lnbc21u1xyz',
    offer: 'lno1abc',
  })
  expect(parseBip21(uri)).toMatchObject({ amountSats: 2_100, lightning: 'lnbc21u1xyz', lno: 'lno1abc', unknownRequiredParams: [] })
})

test('an amount finer than a satoshi is left to the invoice', () => {
  expect(writeBitcoinUri({ amount: btc(1_234n), lightning: 'lnbc1x' })).toBe('bitcoin:?lightning=lnbc1x')
})

describe('the examples of BIP 21 and BIP 321', () => {
  const address = '175tWpb8K1S7NmH4Zx6rewF9WQrcZv245W'
  test.each([
    [`bitcoin:${address}`, { address }],
    [`bitcoin:${address}?label=Luke-Jr`, { address, label: 'Luke-Jr' }],
    [`bitcoin:${address}?amount=20.3&label=Luke-Jr`, { address, amount: btc(2_030_000_000_000n), label: 'Luke-Jr' }],
    [
      `bitcoin:${address}?amount=50&label=Luke-Jr&message=Donation%20for%20project%20xyz`,
      { address, amount: btc(5_000_000_000_000n), label: 'Luke-Jr', message: 'Donation for project xyz' },
    ],
    [`bitcoin:${address}?somethingyoudontunderstand=50&somethingelseyoudontget=999`, { address }],
    ['bitcoin:?lightning=lnbc420bogusinvoice', { lightning: 'lnbc420bogusinvoice' }],
    ['bitcoin:?lno=lno1bogusoffer', { offer: 'lno1bogusoffer' }],
    ['BITCOIN:?LIGHTNING=LNBC1X&AMOUNT=0.00001', { lightning: 'LNBC1X', amount: btc(1_000_000n) }],
    ['bitcoin:?message=a+b', { message: 'a+b' }],
  ])('%s is read', (uri, said) => expect(readBitcoinUri(uri)).toEqual({ ...nothing, ...said }))

  test.each([
    [`bitcoin:${address}?req-somethingyoudontunderstand=50&req-somethingelseyoudontget=999`, 'requires req-somethingyoudontunderstand'],
    ['bitcoin:?REQ-pop=x&lightning=lnbc1x', 'requires REQ-pop'],
    [`bitcoin:${address}?amount=50,000.00`, 'not a decimal number'],
    [`bitcoin:${address}?amount=1&amount=2`, 'says amount twice'],
    ['bitcoin:?lightning=lnbc1x&LIGHTNING=lnbc1y', 'says lightning twice'],
    ['bitcoin:?amount=1e3', 'not a decimal number'],
    ['bitcoin:?amount=-1', 'not a decimal number'],
    ['bitcoin:?amount=0.000000000001', 'not a decimal number'],
    ['bitcoin:?message=%ff', 'not percent-encoded'],
    ['bitcoin:<script>', 'malformed'],
    ['litecoin:?amount=1', 'not a bitcoin: URI'],
    [`bitcoin:?message=${'x'.repeat(8_000)}`, 'longer than'],
  ])('%s may not be acted on', (uri, why) => expect(readBitcoinUri(uri)).toContain(why))
})

test('whatever a message says, it comes back, and no text throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.bigInt({ min: 1n, max: 10n ** 12n }), (message, msat) => {
      const read = readBitcoinUri(writeBitcoinUri({ amount: btc(msat), lightning: 'lnbc1x', message }))
      const whole = msat % 1_000n === 0n
      expect(read).toMatchObject({ message: message || undefined, lightning: 'lnbc1x', amount: whole ? btc(msat) : undefined })
    }),
  )
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(['string', 'object']).toContain(typeof readBitcoinUri(`bitcoin:${text}`))
    }),
  )
})
