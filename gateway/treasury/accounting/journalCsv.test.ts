import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Booking, booksAt, entryOf } from '../../../test/statements/booksAt.ts'
import { periodOf } from '../../audit/statements/period.ts'
import { BTC, EUR, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Leg } from '../../ports/books.ts'
import type { ReadModel } from '../../ports/readModel.ts'
import { readAccountMap, requireMapped } from './accountMap.ts'
import { journalCsv } from './journalCsv.ts'

const PARTY = `party:pa_${'a'.repeat(32)}`
const move = (debit: string, credit: string, units: bigint, asset = EUR): Leg => ({ kind: 'move', debit, credit, asset, units })
const hold: Leg = { kind: 'hold', debit: PARTY, credit: 'transit:payout', asset: EUR, units: 5n, timeoutS: 0 }

const BOOKINGS: readonly Booking[] = [
  {
    at: '2026-10-31T12:00:00Z',
    payment: 'capital',
    legs: [move('rail:lightning:node', 'fx:BTC/EUR', 100_000n, BTC), move('rail:bank:account', 'fx:BTC/EUR', 9_000_000n)],
  },
  {
    at: '2026-11-02T12:00:00Z',
    payment: '=pi_1',
    legs: [
      move('rail:lightning:node', 'fx:BTC/EUR', 1_000n, BTC),
      move('fx:BTC/EUR', PARTY, 900_000n),
      move('fx:BTC/EUR', 'fee:earned', 10_000n),
    ],
  },
  { at: '2026-11-03T12:00:00Z', payment: 'po_1', legs: [hold, move('capital:fee-budget', 'budget:fees', 7n, USD)] },
  ...Array.from({ length: 300 }, (_, i): Booking => {
    const at = new Date(Date.parse('2026-11-04T00:00:00Z') + i * 60_000).toISOString()
    return { at, payment: `po_${i}`, legs: [move(PARTY, 'transit:payout', 100n)] }
  }),
  { at: '2026-12-01T00:00:00Z', payment: 'late', legs: [move(PARTY, 'transit:payout', 1n)] },
]

let reads: ReadModel
let close: () => void
beforeAll(async () => {
  ;({ reads, close } = await booksAt(BOOKINGS))
})
afterAll(() => close?.())

const period = periodOf({ from: '2026-11-01', to: '2026-11-30', zone: 'UTC' })
const worth = ({ units, asset }: { units: bigint; asset: typeof EUR }) =>
  asset.id === 'EUR' ? { value: money(USD, units * 2n), source: 'rt_1', observedAt: Date.parse('2026-11-01T00:00:00Z') } : undefined
const rowsOf = (accounts?: string) => {
  const accountOf = accounts === undefined ? undefined : readAccountMap(accounts)
  const [head, ...rows] = [...journalCsv(reads, { period, until: period.end, worthThen: worth, accountOf })]
    .join('')
    .trimEnd()
    .split('\r\n')
  const names = head!.split(',')
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [names[i]!, cell])))
}

test('each entry of the period is there with both sides of each leg, in its own asset and in value', () => {
  const rows = rowsOf()
  expect(new Set(rows.map(({ entry }) => entry)).size).toBe(1 + 300)
  expect(
    rows
      .slice(0, 6)
      .map(({ leg, account, debit, credit, asset, debit_value, credit_value }) => [
        leg,
        account,
        debit,
        credit,
        asset,
        debit_value,
        credit_value,
      ]),
  ).toEqual([
    ['1', 'rail:lightning:node', '0.00000001', '', 'BTC', '', ''],
    ['1', 'fx:BTC/EUR', '', '0.00000001', 'BTC', '', ''],
    ['2', 'fx:BTC/EUR', '0.9', '', 'EUR', '1.8', ''],
    ['2', PARTY, '', '0.9', 'EUR', '', '1.8'],
    ['3', 'fx:BTC/EUR', '0.01', '', 'EUR', '0.02', ''],
    ['3', 'fee:earned', '', '0.01', 'EUR', '', '0.02'],
  ])
  expect(rows[0]).toMatchObject({ date: '2026-11-02', entry: entryOf(1), payment: "'=pi_1", rate_source: 'no rate is known' })
  expect(rows[2]).toMatchObject({ rate_source: 'rt_1', rate_age_s: `${36 * 3_600}` })
})

test('the debits of each entry are its credits, in each asset and in value', () => {
  const sums = new Map<string, bigint>()
  const digits = (text: string | undefined) => BigInt((text || '0').split('.').reduce((whole, part) => whole + part.padEnd(12, '0'), ''))
  const add = (key: string, units: bigint) => sums.set(key, (sums.get(key) ?? 0n) + units)
  for (const row of rowsOf()) {
    add(`${row.entry} ${row.asset}`, digits(row.debit) - digits(row.credit))
    add(`${row.entry} value`, digits(row.debit_value) - digits(row.credit_value))
  }
  expect([...sums.values()].every((sum) => sum === 0n)).toBe(true)
  expect(sums.size).toBeGreaterThan(600)
})

test('limits that are counted are no money, and what is only held has not moved', () => {
  const text = JSON.stringify(rowsOf())
  expect(text).not.toMatch(/budget|capital:fee/)
  expect(rowsOf().some(({ entry }) => entry === entryOf(2))).toBe(false)
})

test('accounts have the bookkeeper’s names, the longest path and its asset first', () => {
  const map = 'party=1600,rail=1000,rail:bank@EUR=1210,rail:lightning:node=1300,fx=1700,fx@BTC=1701,fee:earned=4000,transit=1360'
  const rows = rowsOf(map)
  expect(rows.slice(0, 6).map(({ account }) => account)).toEqual(['1300', '1701', '1700', '1600', '1700', '4000'])
  expect(rows[3]!.account_name).toBe(PARTY)
  expect(() => requireMapped(readAccountMap(map), reads.groups())).not.toThrow()
})

test('accounts of which nothing is said are refused by their names, and rows that are none', () => {
  const missing = () => requireMapped(readAccountMap('party=1600,rail:bank=1200,fx@EUR=1700'), reads.groups())
  expect(missing).toThrow('nothing is said of')
  for (const name of ['fee:earned (EUR)', 'fx:BTC/EUR (BTC)', 'rail:lightning:node (BTC)', 'transit:payout (EUR)'])
    expect(missing).toThrow(name)
  expect(missing).not.toThrow('budget')
  expect(() => readAccountMap('party=1600,1200')).toThrow('"1200" is no row')
  expect(() => readAccountMap('party=1,party=2')).toThrow('twice')
  expect(() => readAccountMap('party==1+1')).toThrow('is no row')
})
