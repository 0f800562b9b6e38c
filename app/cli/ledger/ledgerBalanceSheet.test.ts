import { expect, test } from 'vitest'
import { type SheetAnswer, sheetText } from './ledgerBalanceSheet.ts'

const SHEET: SheetAnswer = {
  as_of: '2026-11-25T12:00:00.000Z',
  currency: 'USD',
  currency_rates: { source: 'ecb', date: '2026-11-24' },
  held: '150.5',
  owed: '100',
  own: '50.5',
  unpriced: ['gold'],
  assets: [
    {
      asset: 'USD',
      asset_id: 'USD',
      held: '150.5',
      owed: '100',
      own: '50.5',
      verdict: 'equal',
      value: { held: '150.5', owed: '100', own: '50.5' },
      lines: [
        { accounts: 'rail:bank:account', side: 'held', amount: '150.5' },
        { accounts: 'party', side: 'owed', amount: '100' },
        { accounts: 'capital:operator', side: 'own', amount: '50.5' },
      ],
    },
    { asset: 'XAU', asset_id: 'gold', held: '3', owed: '1', own: '1', verdict: 'break', value: null, lines: [] },
  ],
}

test('shows each asset with what is held, owed and own, what does not agree, and what has no price', () => {
  expect(sheetText(SHEET, true)).toMatchInlineSnapshot(`
    "asset                 held  owed   own  held in USD  owed in USD  own in USD
    USD                  150.5   100  50.5        150.5          100        50.5
      rail:bank:account  150.5
      party                      100
      capital:operator                50.5
    XAU                      3     1     1      no rate
    all                                           150.5          100        50.5

    BREAK: what is held in XAU is not what is owed and own; run switchyard ledger verify
    not in the sums, because they have no rate: gold
    currencies by the rates of ecb of 2026-11-24
    as of 2026-11-25T12:00:00.000Z"
  `)
})
