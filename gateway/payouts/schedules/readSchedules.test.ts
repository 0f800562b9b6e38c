import { describe, expect, test } from 'vitest'
import { showMoney } from '../../money/money.ts'
import { readSchedules, requireNow, withOwn } from './readSchedules.ts'
import { feeOf, lastBegun, rowAt } from './schedule.ts'

const row = (changes: object = {}) => ({
  schedule: 'wire',
  title: 'A wire',
  rail: 'bank',
  unit: 'USD',
  from: '2026-01-01',
  until: '2026-12-31',
  source: 'A list',
  success: '99.5 %',
  scheme: 'fedwire',
  fixed: '0.21 USD',
  ...changes,
})
const read = (...rows: object[]) => readSchedules(JSON.stringify({ schedules: rows }), 'own.json')
const at = (date: string) => Date.parse(`${date}T12:00:00Z`)

describe('a unit is never guessed', () => {
  test.each([
    [{ fixed: '21' }, '"21" names no unit; write "21 USD" if it is that'],
    [{ fixed: 21 }, 'fixed: Invalid input: expected string'],
    [{ fixed: '21 cents' }, '"21 cents" is not in USD'],
    [{ fixed: '0.21 EUR' }, '"0.21 EUR" is not in USD'],
    [{ fixed: '0.2100001 USD' }, '"0.2100001 USD" is no amount of USD'],
    [{ rateMax: '-5 USD' }, '"-5 USD" is no amount of USD'],
    [{ rate: '0.029' }, '"0.029" is no share; write it as "2.9 %", "80 bps" or "98 ppm"'],
    [{ rate: '2.9' }, 'is no share'],
    [{ rate: '98.5 ppm' }, '"98.5 ppm" is finer than a millionth'],
    [{ success: '101 %' }, '"101 %" is more than all'],
    [{ unit: 'cents' }, '"cents" is no unit; there are USD, EUR, BTC, ETH'],
    [{ fee: '0.21 USD' }, 'Unrecognized key: "fee"'],
    [{ scheme: undefined }, 'it has either a scheme or seconds'],
    [{ seconds: 3 }, 'it has either a scheme or seconds'],
    [{ scheme: 'telex' }, 'scheme: Invalid option'],
    [{ until: '2025-12-31' }, 'it ends on 2025-12-31, before it begins'],
    [{ from: '2026-02-30' }, 'from: Invalid ISO date'],
    [{ rate: '1 %', rateMin: '5 USD', rateMax: '1 USD' }, 'rateMax is below rateMin'],
  ])('%o is refused, and its row is named', (wrong, why) => {
    expect(() => read(row({ schedule: 'other' }), row(wrong))).toThrow(why)
    expect(() => read(row({ schedule: 'other' }), row(wrong))).toThrow(/row 2 \(wire from 202/)
  })

  test('a percent, basis points and millionths are one number', () => {
    for (const rate of ['2.9 %', '290 bps', '29000 ppm']) expect(read(row({ rate }))[0]!.rate).toBe(29_000n)
  })
})

test('two rows of one list share no day, and those of two lists may', () => {
  expect(() => read(row(), row({ from: '2026-12-31', until: '2027-06-30' }))).toThrow(
    'has two rows of wire that overlap: from 2026-01-01 to 2026-12-31, and from 2026-12-31 to 2027-06-30',
  )
  expect(read(row(), row({ from: '2027-01-01', until: '2027-06-30' }), row({ schedule: 'other' }))).toHaveLength(3)
})

test('a list that is expired, or not there, is refused where it is needed', () => {
  const rows = read(row(), row({ from: '2027-06-01', until: '2027-12-31', fixed: '0.30 USD' }))
  expect(() => requireNow(rows, 'wire', at('2026-12-31'))).not.toThrow()
  expect(() => requireNow(rows, 'wire', at('2027-01-01'))).toThrow('wire is for 2026-01-01 to 2026-12-31')
  expect(() => requireNow(rows, 'wires', at('2026-06-01'))).toThrow('has no list wires; there are wire')
  expect([rowAt(rows, 'wire', at('2027-01-01')), lastBegun(rows, 'wire', at('2027-01-01'))?.until]).toEqual([undefined, '2026-12-31'])
})

test('a list of the operator’s own stands in place of the whole shipped one', () => {
  const both = withOwn(read(row(), row({ schedule: 'ach' })), read(row({ fixed: '9 USD' })))
  expect(both.map(({ schedule, fixed }) => [schedule, showMoney(fixed)])).toEqual([
    ['ach', '0.21 USD'],
    ['wire', '9 USD'],
  ])
})

test.each([
  ['below the least', '10', '0.71 USD'],
  ['in between', '100', '1.01 USD'],
  ['above the cap', '1000', '5.21 USD'],
  ['rounded up to the millionth', '100.000001', '1.010001 USD'],
])('a share has its least and its most, %s', (_, amount, fee) => {
  const [own] = read(row({ rate: '0.8 %', rateMin: '0.50 USD', rateMax: '5 USD' }))
  const units = BigInt(amount.replace('.', '').padEnd(amount.includes('.') ? 0 : amount.length + 6, '0'))
  expect(showMoney(feeOf(own!, { asset: own!.asset, units }))).toBe(fee)
})
