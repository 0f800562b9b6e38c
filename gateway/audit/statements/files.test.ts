import { XMLParser } from 'fast-xml-parser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Booking, booksAt } from '../../../test/statements/booksAt.ts'
import { BTC, EUR, USD } from '../../money/asset.ts'
import { formatAmount, money } from '../../money/money.ts'
import type { Leg } from '../../ports/books.ts'
import type { ReadModel } from '../../ports/readModel.ts'
import { camt053 } from './camt053.ts'
import { csvLine, textCell } from './csv.ts'
import { centsMoved, centsOf, centsText, fiatBalance } from './fiatFile.ts'
import { mt940 } from './mt940.ts'
import { periodOf } from './period.ts'
import { openStatement } from './statement.ts'
import { statementCsv } from './statementCsv.ts'
import type { WorthThen } from './worth.ts'

const PARTY = `pa_${'0123456789abcdef'.repeat(2)}`
const PATH = `party:${PARTY}`
const owner = { id: PARTY, name: 'Bäcker & Söhne <GmbH>' }
const id = (prefix: string, n: number) => `${prefix}_${n.toString(16).padStart(32, '0')}`
const move = (debit: string, credit: string, units: bigint, asset = EUR): Leg => ({ kind: 'move', debit, credit, asset, units })
const REFERENCES = [
  'rent',
  '=cmd|/c calc',
  '-2+3',
  '+49 30 1234',
  '@SUM(A1)',
  '\tx',
  'Müllerstraße 5 – Łódź? "2", {b}',
  ':61:x',
  `${'long '.repeat(27)}end`,
  '',
]

/** Micro-payments in, and payouts with every kind of reference. */
const BOOKINGS: readonly Booking[] = [
  {
    at: '2026-11-01T00:00:00Z',
    payment: PARTY,
    legs: [move('rail:bank:account', PATH, 50_000_000n), move('rail:lightning:node', PATH, 7n, BTC)],
  },
  ...Array.from({ length: 40 }, (_, i): Booking => {
    return { at: `2026-11-02T10:00:${`${i}`.padStart(2, '0')}Z`, payment: id('rc', i), legs: [move('suspense:bank', PATH, 3_333n)] }
  }).flatMap((one): Booking[] => [{ ...one, payment: 'x', legs: [move('rail:bank:account', 'suspense:bank', 3_333n)] }, one]),
  ...REFERENCES.map((reference, i): Booking => {
    const facts = [{ type: 'payout.created', id: id('po', i), data: { reference, source: PATH } }]
    return { at: `2026-11-03T10:00:0${i}Z`, payment: id('po', i), legs: [move(PATH, 'transit:payout', 1_234_567n)], facts }
  }),
  { at: '2026-11-03T11:00:00Z', payment: id('po', 99), legs: [move(PATH, 'fee:charged', 990_000n)] },
]

let reads: ReadModel
let close: () => void
beforeAll(async () => {
  ;({ reads, close } = await booksAt(BOOKINGS))
})
afterAll(() => close?.())

const worth: WorthThen = ({ units }) =>
  units < 0n ? { value: money(USD, units), source: '=rt_1', observedAt: Date.parse('2026-11-03T09:59:50Z') } : undefined
const november = (asset?: typeof EUR, now = '2026-12-24') => {
  const period = periodOf({ from: '2026-11-02', to: '2026-11-30', zone: 'Europe/Berlin' })
  return openStatement(reads, worth, { path: PATH, period, asset, pageSize: 7, now: Date.parse(now) })
}
const fileOf = (asset = EUR, now?: string) => {
  const statement = november(asset, now)
  return { statement, of: fiatBalance(statement, 'camt053'), owner, madeAt: Date.parse('2026-12-24') }
}

/** The cells of CSV, by the rules of RFC 4180 alone. */
function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

describe('CSV', () => {
  test('has every movement with its balance, and neither words nor names that a spreadsheet would run', () => {
    const [head, ...rows] = cellsOf([...statementCsv(november())].join(''))
    const column = (name: string) => head!.indexOf(name)
    expect(rows.every((cells) => cells.length === head!.length)).toBe(true)
    const euros = rows.filter((cells) => cells[column('asset')] === 'EUR')
    expect(euros.length).toBe(1 + 40 + REFERENCES.length + 1 + 1)
    expect([euros[0]![column('kind')], euros[0]![column('balance')]]).toEqual(['opening', '50'])
    expect([euros.at(-1)![column('kind')], euros.at(-1)![column('balance')]]).toEqual([
      'closing',
      formatAmount(money(EUR, 50_000_000n + 40n * 3_333n - 12_345_670n - 990_000n)),
    ])
    const references = euros.filter((cells) => cells[column('kind')] === 'payout').map((cells) => cells[column('reference')]!)
    expect(references.slice(0, REFERENCES.length)).toEqual(REFERENCES.map((words) => (/^[=+\-@\t]/.test(words) ? `'${words}` : words)))
    for (const cells of rows) for (const cell of cells) expect(cell).toMatch(/^(?![=+@\t\r])(?!-(?!\d+(\.\d+)?$))/)
    expect(euros[45]!.slice(-5)).toEqual(['-1.234567', 'USD', "'=rt_1", '2026-11-03T09:59:50.000Z', '14'])
    expect(euros[1]!.slice(-5)).toEqual(['', '', 'no rate is known', '', ''])
  })

  test('a cell with a comma, a quote or a line is quoted, and nothing is lost', () => {
    const cells = ['a,b', 'say "x"', 'two\r\nlines', '', 'plain']
    expect(cellsOf(csvLine(cells))).toEqual([cells])
    expect(textCell('\rx')).toBe("'\rx")
    expect(textCell('a=b')).toBe('a=b')
  })
})

describe('files of banks', () => {
  test('a movement in cents is what it changes of the balance in cents, so that no cent is lost in a thousand small ones', () => {
    const { statement, of } = fileOf()
    const movements = [...statement.pages(of)].flat()
    const cents = movements.map(centsMoved)
    expect(cents.slice(0, 6)).toEqual([0n, 0n, 0n, 1n, 0n, 0n])
    expect(centsOf(of.opening, EUR) + cents.reduce((sum, one) => sum + one, 0n)).toBe(centsOf(of.closing, EUR))
    for (const [i, one] of cents.entries()) expect(one === 0n || one < 0n === movements[i]!.units < 0n).toBe(true)
    expect([centsText(-5n), centsText(1_234n), centsText(0n)]).toEqual(['0.05', '12.34', '0.00'])
  })

  test('camt.053 has one account, two balances and each movement, which come to the closing balance', () => {
    const text = [...camt053(fileOf())].join('')
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      parseTagValue: false,
      isArray: (name) => name === 'Ntry',
    })
    const { Stmt: found } = parser.parse(text).Document.BkToCstmrStmt
    expect(found.Acct).toEqual({ Id: { Othr: { Id: PARTY.slice(3) } }, Ccy: 'EUR', Nm: owner.name, Ownr: { Nm: owner.name } })
    expect(found.Bal.map((one: { Tp: { CdOrPrtry: { Cd: string } } }) => one.Tp.CdOrPrtry.Cd)).toEqual(['OPBD', 'CLBD'])
    const signed = (one: { Amt: { '#text': string }; CdtDbtInd: string }) =>
      BigInt(one.Amt['#text'].replace('.', '')) * (one.CdtDbtInd === 'DBIT' ? -1n : 1n)
    const [opening, closing] = found.Bal.map(signed)
    expect(found.Ntry).toHaveLength(40 + REFERENCES.length + 1)
    expect(found.Ntry.reduce((sum: bigint, one: never) => sum + signed(one), opening)).toBe(closing)
    const payouts = found.Ntry.filter((one: { BkTxCd: { Prtry: { Cd: string } } }) => one.BkTxCd.Prtry.Cd === 'payout')
    expect(payouts[6].NtryDtls.TxDtls.RmtInf.Ustrd).toBe(REFERENCES[6])
    expect(payouts[0].AddtlNtryInf).toBe('exactly -1.234567 EUR')
    expect(payouts[0].NtryDtls.TxDtls.Refs.TxId).toBe(id('po', 0))
  })

  test('MT940 keeps the lengths of its fields and its set of letters, and comes to the closing balance', () => {
    const text = [...mt940(fileOf())].join('')
    expect(text).toMatch(/^[a-zA-Z0-9/\-?:().,'+ \r\n]*$/)
    const lines = text.split('\r\n')
    expect(lines.slice(0, 4)).toEqual([':20:EUR-456789abcdef', `:25:${PARTY.slice(3)}`, ':28C:26306/1', ':60F:C261102EUR50,00'])
    expect(lines.slice(-3)).toEqual([':62F:C261130EUR36,79', '-', ''])
    const cents = (sign: string, digits: string) => BigInt(digits.replace(',', '')) * (sign === 'D' ? -1n : 1n)
    let sum = 5_000n
    for (const line of lines.slice(4, -3)) {
      expect(line.length).toBeLessThanOrEqual(line.startsWith(':86:') ? 69 : 65)
      expect(line).toMatch(/^(?::61:|:86:|[^:-])/)
      const match = /^:61:(\d{6})(\d{4})([CD])(\d{1,12},\d{2})(N[A-Z]{3})([^/].{0,15})\/\/(.{1,16})$/.exec(line)
      expect(line.startsWith(':61:')).toBe(match !== null)
      if (match) sum += cents(match[3]!, match[4]!)
    }
    expect(sum).toBe(3_679n)
    expect(text).toContain(':61:2611031103D1,24NTRFrent//')
    expect(text.replaceAll(/\r\n(?!:)/g, '')).toContain('/REF/Mullerstrasse 5 . Lodz. .2., .b.')
  })

  test('one that has not ended says so in each format', () => {
    const file = fileOf(EUR, '2026-11-20')
    expect([...camt053(file)].join('')).toContain('<Cd>ITBD</Cd>')
    expect([...mt940(file)].join('')).toContain(':86:PRELIMINARY')
    expect([...statementCsv(file.statement)].join('')).toContain('2026-11-03,,preliminary,')
  })

  test('what is no currency of banks has no file of theirs, and is told which it has', () => {
    expect(() => fileOf(BTC)).toThrow('BTC is no currency that banks write')
    expect(() => fiatBalance(november(), 'mt940')).toThrow("mt940 is a bank's format")
    expect([...mt940(fileOf(USD))].join('')).toContain(':62F:C261130USD0,00')
  })
})
