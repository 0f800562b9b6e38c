import { describe, expect, test } from 'vitest'
import { BTC, EUR, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Rate } from '../../money/rate.ts'
import { railAmount, roomOf } from './railAmount.ts'

/** One micro-dollar is one msat. */
const toBtc: Rate = { from: USD, to: BTC, num: 1n, den: 1n, observedAt: 0, source: 'test' }
const invoice = (hrp: string) => ({ kind: 'lightning_invoice' as const, invoice: `${hrp}1pvjluez` })
const byLightning = (units: bigint, hrp: string) =>
  railAmount({ amount: money(USD, units), rail: 'lightning', asset: BTC, destination: invoice(hrp), rate: toBtc })

describe('what a payout sends on a rail', () => {
  test('is what the invoice demands, when the payout is worth that and not 1 % more', () => {
    expect(byLightning(100_000n, 'lnbc1u')).toEqual({ kind: 'amount', amount: money(BTC, 100_000n) })
    expect(byLightning(101_010n, 'lnbc1u')).toEqual({ kind: 'amount', amount: money(BTC, 100_000n) })
    expect(byLightning(101_011n, 'lnbc1u')).toMatchObject({ kind: 'impossible', reason: 'amount_mismatch' })
    expect(byLightning(99_999n, 'lnbc1u')).toMatchObject({ kind: 'impossible', reason: 'amount_mismatch' })
  })

  test('is the whole when the invoice leaves it open', () => {
    expect(byLightning(123n, 'lnbc')).toEqual({ kind: 'amount', amount: money(BTC, 123n) })
  })

  test('is never guessed from an invoice that cannot be read', () => {
    expect(byLightning(123n, 'lnbc1x')).toMatchObject({ kind: 'impossible', reason: 'invalid_destination' })
  })

  test('is whole cents at a bank, rounded down, and at least one', () => {
    const destination = { kind: 'iban', iban: 'DE89370400440532013000', name: 'A payee' } as const
    const byBank = (units: bigint) => railAmount({ amount: money(EUR, units), rail: 'bank', asset: EUR, destination, rate: undefined })
    expect(byBank(19_999n)).toEqual({ kind: 'amount', amount: money(EUR, 10_000n) })
    expect(byBank(9_999n)).toMatchObject({
      kind: 'impossible',
      reason: 'amount_too_small',
      detail: '0.009999 EUR is less than 0.01 EUR, the least that bank pays',
    })
  })
})

describe('what a way has room for', () => {
  const iban = { kind: 'iban', iban: 'DE89370400440532013000', name: 'A payee' } as const
  const toEur: Rate = { from: USD, to: EUR, num: 10n, den: 11n, observedAt: 0, source: 'test' }
  const asked = money(USD, 5_000_000n)
  const room = (upTo: bigint, rate: Rate | undefined, inAll = upTo) =>
    roomOf(money(EUR, upTo), { asked, destination: iban, rate, inAll: money(EUR, inAll) })

  test('is as much as pays its whole cents in full, and no more', () => {
    // 1.00 EUR is 1.10 USD.
    expect(room(1_009_999n, toEur)).toEqual({ units: 1_100_000n, times: 1n })
    const odd = room(1_010_000n, { ...toEur, num: 7n, den: 9n })!
    const sent = (units: bigint) =>
      railAmount({ amount: money(USD, units), rail: 'bank', asset: EUR, destination: iban, rate: { ...toEur, num: 7n, den: 9n } })
    expect(sent(odd.units)).toEqual({ kind: 'amount', amount: money(EUR, 1_010_000n) })
    expect(sent(odd.units - 1n)).toEqual({ kind: 'amount', amount: money(EUR, 1_000_000n) })
    expect(room(1_005_000n, undefined)).toEqual({ units: 1_000_000n, times: 1n })
  })

  test('is so often there as its rail has money for', () => {
    expect(room(1_000_000n, toEur, 3_500_000n)).toEqual({ units: 1_100_000n, times: 3n })
  })

  test('is never more than it can send where the amount is counted in coarser units', () => {
    const coarse: Rate = { from: USD, to: BTC, num: 3n, den: 1n, observedAt: 0, source: 'test' }
    const node = { kind: 'lightning_node', nodeId: `02${'ab'.repeat(32)}` } as const
    const upTo = money(BTC, 10n)
    expect(roomOf(upTo, { asked, destination: node, rate: coarse, inAll: upTo })).toEqual({ units: 3n, times: 1n })
  })

  test('is nothing at what is paid once, nothing below a cent, and not the whole', () => {
    const upTo = money(BTC, 10n)
    expect(roomOf(upTo, { asked, destination: invoice('lnbc'), rate: toBtc, inAll: upTo })).toBeUndefined()
    expect(roomOf(upTo, { asked, destination: { kind: 'lnurl', lnurl: 'lnurl1x' }, rate: toBtc, inAll: upTo })).toBeUndefined()
    expect(room(9_999n, toEur)).toBeUndefined()
    expect(room(asked.units, undefined)).toBeUndefined()
  })
})
