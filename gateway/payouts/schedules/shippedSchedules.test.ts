import { expect, test } from 'vitest'
import { EUR, USD } from '../../money/asset.ts'
import { parseAmount, showMoney } from '../../money/money.ts'
import { requireNow } from './readSchedules.ts'
import { feeOf } from './schedule.ts'
import { shippedSchedules } from './shippedSchedules.ts'

const rows = shippedSchedules()
const find = (schedule: string) => rows.find((row) => row.schedule === schedule)!

/** Each by its published price, worked out by hand: a table in which cents were read as dollars is wrong by a hundred. */
test.each([
  ['card_blended', '0.01', '0.30029 USD'],
  ['card_blended', '10', '0.59 USD'],
  ['card_blended_international', '100', '4.7 USD'],
  ['debit_regulated', '100', '0.27 USD'],
  ['debit_unregulated', '100', '2.05 USD'],
  ['stablecoin_processor', '100', '1.5 USD'],
  ['card_by_spt', '10', '0.74 USD'],
  ['ach_debit', '100', '0.8 USD'],
  ['ach_debit', '1000', '5 USD'],
  ['ach_credit', '1000', '0.5 USD'],
  ['ach_same_day', '1000', '0.552 USD'],
  ['fednow', '1', '0.045 USD'],
  ['rtp', '1000', '0.045 USD'],
  ['instant_by_api', '10', '1.5 USD'],
  ['instant_payout', '10', '0.5 USD'],
  ['instant_payout', '1000', '15 USD'],
  ['swift', '1000', '74 USD'],
  ['fedwire', '1000', '26 USD'],
  ['fedwire_wholesale', '1000', '0.92 USD'],
  ['x402_facilitator', '1', '0.001 USD'],
  ['usdc_solana', '1', '0 USD'],
  ['gateway_nanopayments', '1', '0 USD'],
])('%s takes of %s USD what its list says', (schedule, amount, fee) => {
  expect(showMoney(feeOf(find(schedule), parseAmount(amount, USD)))).toBe(fee)
})

test.each([
  ['sepa', '0.2 EUR'],
  ['sepa_instant', '0.2 EUR'],
  ['sepa_instant_wholesale', '0.002 EUR'],
  ['card_eu_icpp', '0.43 EUR'],
])('%s takes of 100 EUR what its list says', (schedule, fee) => {
  expect(showMoney(feeOf(find(schedule), parseAmount('100', EUR)))).toBe(fee)
})

test('Lightning takes three hops and 98 millionths, chains gas, a batch its share', () => {
  const lightning = find('lightning')
  expect(feeOf(lightning, parseAmount('0.001', lightning.asset)).units).toBe(12_800n)
  const gas = ['base', 'polygon', 'arbitrum', 'optimism', 'ethereum'].map((chain) => showMoney(find(`usdc_${chain}`).gas))
  expect(gas).toEqual(['0.01 USD', '0.01 USD', '0.3 USD', '0.01 USD', '8 USD'])
  expect(find('usdc_base_batched').batch).toMatchObject({ cost: parseAmount('0.011', USD), items: 1_000n })
})

test('each row says where it is from, and is for the day that the program is of', () => {
  for (const row of rows) {
    expect(row.source.length, row.schedule).toBeGreaterThan(10)
    expect(() => requireNow(rows, row.schedule, Date.parse('2026-11-24'))).not.toThrow()
  }
})
