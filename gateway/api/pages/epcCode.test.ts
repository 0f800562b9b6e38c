import { describe, expect, test } from 'vitest'
import { BTC, EUR } from '../../money/asset.ts'
import { parseAmount } from '../../money/money.ts'
import { epcCode } from './epcCode.ts'

const transfer = {
  amount: parseAmount('2.78', EUR),
  name: 'Switchyard',
  iban: 'DE93999999990000000001',
  remittance: 'RF51SY1DEJMS7ZE6CTD7',
}

describe("the code that a bank's app reads", () => {
  test('says the payee, the amount and a structured reference', () => {
    expect(epcCode(transfer)).toBe('BCD\n002\n1\nSCT\n\nSwitchyard\nDE93999999990000000001\nEUR2.78\n\nRF51SY1DEJMS7ZE6CTD7')
  })

  test('says a reference of another kind as free text', () => {
    expect(
      epcCode({ ...transfer, remittance: 'invoice 7' })
        ?.split('\n')
        .slice(8),
    ).toEqual(['', '', 'invoice 7'])
  })

  test.each([
    ['another currency', { amount: parseAmount('0.5', BTC) }],
    ['less than a cent', { amount: parseAmount('2.785', EUR) }],
    ['nothing', { amount: parseAmount('0', EUR) }],
    ['a billion euros', { amount: parseAmount('1000000000', EUR) }],
    ['a name that is too long', { name: 'x'.repeat(71) }],
    ['a name that would be two fields', { name: 'a\nb' }],
    ['a reference that is too long', { remittance: 'x'.repeat(36) }],
  ])('is not made of %s', (_, change) => {
    expect(epcCode({ ...transfer, ...change })).toBeUndefined()
  })
})
