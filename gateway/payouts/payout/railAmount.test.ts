import { describe, expect, test } from 'vitest'
import { BTC, EUR, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Rate } from '../../money/rate.ts'
import { railAmount } from './railAmount.ts'

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
