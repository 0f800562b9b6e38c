import fc from 'fast-check'
import { expect, test } from 'vitest'
import { correctionOf } from './changeCodes.ts'
import { descriptionOf, sameDayMax } from './datedRules.ts'
import type { Addendum, Batch, Entry, NachaFile } from './fileParts.ts'
import { readNacha } from './readNacha.ts'
import { returnMeaning } from './returnCodes.ts'
import { checkDigitOf, isRoutingNumber } from './routingNumber.ts'
import { writeNacha } from './writeNacha.ts'

const ODFI = '12104288'
const OWN = `${ODFI}${checkDigitOf(ODFI)}`

function entryOf(over: Partial<Entry> = {}): Entry {
  const about = { routing: '021000021', account: '123456789', cents: 12_345n, id: 'A1B2C3D4E5F6G7H', name: 'MIA WEBER', discretionary: '' }
  return { code: '22', ...about, trace: `${ODFI}0000001`, addenda: [], ...over }
}

function batchOf(over: Partial<Batch> = {}): Batch {
  const company = { companyName: 'SWITCHYARD', companyData: 'F1-1', companyId: '1123456789', description: 'PAYOUT', descriptiveDate: '' }
  return { entryClass: 'PPD', ...company, effectiveOn: '2026-11-27', settledOn: '', odfi: ODFI, number: 1, entries: [entryOf()], ...over }
}

function fileOf(batches: readonly Batch[], over: Partial<NachaFile> = {}): NachaFile {
  const names = { destinationName: 'A BANK', originName: 'SWITCHYARD', reference: '' }
  return { destination: OWN, origin: '1123456789', createdAt: '2026-11-25T09:30', modifier: 'A', ...names, batches, ...over }
}

test('a file is lines of 94 columns, in whole blocks of ten, and says what it adds up to', () => {
  const text = writeNacha(fileOf([batchOf()]))
  const lines = text.trimEnd().split('\n')
  expect([lines.length, new Set(lines.map((line) => line.length))]).toEqual([10, new Set([94])])
  expect(lines.slice(0, 5)).toMatchInlineSnapshot(`
    [
      "101 12104288211234567892611250930A094101A BANK                 SWITCHYARD                     ",
      "5220SWITCHYARD      F1-1                1123456789PPDPAYOUT          261127   1121042880000001",
      "622021000021123456789        0000012345A1B2C3D4E5F6G7HMIA WEBER               0121042880000001",
      "822000000100021000020000000000000000000123451123456789                         121042880000001",
      "9000001000001000000010002100002000000000000000000012345                                       ",
    ]
  `)
})

/** Text as a field keeps it: no blanks at its end, and, where a field is aligned to the right, none at its begin. */
const textOf = (max: number, min = 0) =>
  fc
    .string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)), minLength: min, maxLength: max })
    .map((text) => {
      const trimmed = text.trim()
      return trimmed.length >= min ? trimmed : 'X'
    })
const digitsOf = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })
const routingOf = fc
  .tuple(fc.constantFrom('01', '02', '11', '12', '21', '32', '61', '72'), digitsOf(6))
  .map(([begin, rest]) => `${begin}${rest}${checkDigitOf(`${begin}${rest}`)}`)
const centsOf = fc.bigInt({ min: 1n, max: 9_999_999_999n })

type Draft = Omit<Entry, 'trace'>
const party = { routing: routingOf, account: textOf(17, 1), id: textOf(15), name: textOf(16, 1) }
const payment = textOf(80).map((text): Addendum => ({ kind: 'payment', text }))

function entriesOf(entryClass: Batch['entryClass']): fc.Arbitrary<Draft> {
  const most = { PPD: 1, CCD: 1, WEB: 1, CTX: 5, TEL: 0, COR: 0 }[entryClass]
  const debits = fc.constantFrom('27', '37')
  const codes = entryClass === 'TEL' ? debits : fc.oneof(debits, fc.constantFrom('22', '32', '42', '52'))
  const discretionary = ['WEB', 'TEL'].includes(entryClass) ? fc.constantFrom('R', 'S') : fc.constant('')
  const addenda = fc.array(payment, { maxLength: most })
  const live = fc.record({ ...party, code: codes, cents: centsOf, discretionary, addenda })
  const prenote = fc.record({
    ...party,
    code: fc.constantFrom('28', '38'),
    cents: fc.constant(0n),
    discretionary,
    addenda: fc.constant([]),
  })
  const code = fc.constantFrom('R01', 'R03', 'R10', 'R85')
  const about = { originalTrace: digitsOf(15), originalRdfi: digitsOf(8) }
  const died = fc.constantFrom('', '2026-02-28')
  const returned = fc.record({ kind: fc.constant('return' as const), code, ...about, diedOn: died, text: textOf(44) })
  const back = fc.record({ ...party, code: fc.constantFrom('21', '26', '31'), cents: centsOf, discretionary, addenda: fc.tuple(returned) })
  const changed = fc.record({
    kind: fc.constant('change' as const),
    code: fc.constantFrom('C01', 'C02', 'C05'),
    ...about,
    corrected: textOf(29),
  })
  const change = fc.record({
    ...party,
    code: fc.constantFrom('21', '26'),
    cents: fc.constant(0n),
    discretionary,
    addenda: fc.tuple(changed),
  })
  return entryClass === 'COR' ? change : fc.oneof({ weight: 4, arbitrary: live }, prenote, back)
}

const batchArb = fc.constantFrom('PPD', 'CCD', 'CTX', 'WEB', 'TEL', 'COR').chain((entryClass) =>
  fc.record({
    entryClass: fc.constant(entryClass),
    description: textOf(10),
    entries: fc.array(entriesOf(entryClass), { minLength: 1, maxLength: 6 }),
  }),
)
const fileArb = fc
  .record({ batches: fc.array(batchArb, { maxLength: 4 }), modifier: fc.constantFrom('A', 'Z', '0', '9') })
  .map(({ batches, modifier }) => {
    let serial = 0
    const numbered = batches.map(({ entries, ...rest }, i) => {
      const traced = entries.map((entry) => ({ ...entry, trace: `${ODFI}${String(++serial).padStart(7, '0')}` }))
      return batchOf({ ...rest, number: i + 1, entries: traced })
    })
    return fileOf(numbered, { modifier })
  })

test('what is written is read as it was, whatever is in it, and with either end of lines or none', () => {
  fc.assert(
    fc.property(fileArb, (file) => {
      const text = writeNacha(file)
      expect(readNacha(text)).toEqual(file)
      expect(readNacha(text.replaceAll('\n', '\r\n'))).toEqual(file)
      expect(readNacha(text.replaceAll('\n', ''))).toEqual(file)
    }),
    { numRuns: 60 },
  )
})

/** By line, from and to: who the sender is by law, an authentication code, and what is reserved. They say nothing of a payment. */
const FREE = [
  [1, 79, 79],
  [4, 55, 79],
  [5, 56, 94],
] as const

test('no column of a file can be changed and be read as the same file', () => {
  const file = fileOf([batchOf({ entries: [entryOf({ addenda: [{ kind: 'payment', text: 'INVOICE 7' }] })] })])
  const text = writeNacha(file)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: text.length - 1 }), fc.constantFrom('0', '7', 'X', ' '), (at, other) => {
      if (text[at] === other || FREE.some(([line, from, to]) => at >= line * 95 + from - 1 && at < line * 95 + to)) return
      const changed = text.slice(0, at) + other + text.slice(at + 1)
      const read = (() => {
        try {
          return readNacha(changed)
        } catch (error) {
          return String(error)
        }
      })()
      expect(read).not.toEqual(file)
    }),
    { numRuns: 300 },
  )
})

const good = writeNacha(fileOf([batchOf()]))
const line = (number: number, change: (line: string) => string) =>
  good
    .split('\n')
    .map((text, i) => (i === number - 1 ? change(text) : text))
    .join('\n')
const put = (at: number, text: string) => (old: string) => old.slice(0, at - 1) + text + old.slice(at - 1 + text.length)

test.each([
  ['an empty file', '', 'the file is empty'],
  ['a short line', line(3, (text) => text.slice(0, 90)), 'line 3, record: it has 90 columns'],
  ['a letter that ACH does not carry', line(3, put(60, 'é')), 'line 3, record: it has a character'],
  ['another record first', good.split('\n').slice(1).join('\n'), 'line 1, record type: "5" where "1" must be'],
  ['a date that is none', line(2, put(70, '261332')), 'line 2, effective entry date: "261332" is not a date'],
  ['a class that is not read', line(2, put(51, 'IAT')), 'line 2, standard entry class: "IAT" is none of'],
  ['a code that is none', line(3, put(2, '25')), 'line 3, transaction code: 25 is not known'],
  ['a routing number that does not fit', line(3, put(12, '2')), 'line 3, receiving DFI: 021000022 is no routing number'],
  ['letters in an amount', line(3, put(30, '00000X2345')), 'line 3, amount: "00000X2345" has not digits alone'],
  ['a payment of nothing', line(3, put(30, '0000000000')), 'line 3, amount: a payment of nothing'],
  ['a debit in a batch of credits', line(3, put(2, '27')), 'line 3, transaction code: 27 does not go with the service class 220'],
  ['an addendum that is said and not there', line(3, put(79, '1')), 'line 3, addenda record indicator: 1 where 0 must be'],
  ['a trace of another bank', line(3, put(80, '99999999')), 'line 3, trace number'],
  ['a count that is wrong', line(4, put(5, '000002')), 'line 4, entry and addenda count: 2 where 1 must be'],
  ['a hash that is wrong', line(4, put(11, '0002100003')), 'line 4, entry hash: 2100003 where 2100002 must be'],
  ['a total that is wrong', line(4, put(33, '000000012346')), 'line 4, total credits: 12346 where 12345 must be'],
  ['a file total that is wrong', line(5, put(44, '000000012346')), 'line 5, total credits: 12346 where 12345 must be'],
  ['a block count that is wrong', line(5, put(8, '000002')), 'line 5, block count: 2 where 1 must be'],
  ['a file that was cut off', good.split('\n').slice(0, 4).join('\n'), 'line 5, record: the file ends before its control record'],
  ['something behind the end', line(7, put(1, '6')), 'line 7, record: something comes after the control record'],
])('%s is refused whole, with its line and field', (_, text, reason) => {
  expect(() => readNacha(text)).toThrow(reason)
})

test('what no bank would take is not written', () => {
  const write =
    (entry: Partial<Entry>, batch: Partial<Batch> = {}) =>
    () =>
      writeNacha(fileOf([batchOf({ ...batch, entries: [entryOf(entry)] })]))
  expect(write({ name: 'A name that is longer than a field' })).toThrow('individual name')
  expect(write({ name: 'MÜLLER' })).toThrow('a character that ACH does not carry')
  expect(write({ cents: 10_000_000_000n })).toThrow('amount')
  expect(write({ cents: 0n })).toThrow('a payment of nothing')
  expect(write({ code: '23', cents: 0n })).not.toThrow()
  expect(write({ code: '23', cents: 1n })).toThrow('a prenote moves nothing')
  expect(write({ code: '22' }, { entryClass: 'TEL' })).toThrow('TEL is for debits')
  expect(write({ code: '24', cents: 0n })).toThrow('for CCD and CTX')
  expect(write({}, { entryClass: 'WEB' })).toThrow('R (recurring) or S (single)')
})

test('a balanced batch has debits and credits, a reversal is a debit of what was credited, and each is read as it was', () => {
  const offset = entryOf({ code: '27', routing: OWN, name: 'SWITCHYARD', trace: `${ODFI}0000002` })
  const reversal = batchOf({ number: 2, description: 'REVERSAL', entries: [entryOf({ code: '27', trace: `${ODFI}0000003` })] })
  const file = fileOf([batchOf({ entries: [entryOf(), offset] }), reversal])
  const text = writeNacha(file)
  expect(
    text
      .split('\n')
      .filter((one) => one.startsWith('5'))
      .map((one) => one.slice(1, 4)),
  ).toEqual(['200', '225'])
  expect(readNacha(text)).toEqual(file)
})

test('routing numbers fit by their last digit, and are of a range that banks have', () => {
  expect(['021000021', '121042882', '011401533', '091000019'].map(isRoutingNumber)).toEqual([true, true, true, true])
  expect(['021000022', '12104288', '1210428820', '991000010', '02100002X', ''].map(isRoutingNumber)).toEqual(Array(6).fill(false))
})

test('rules begin on their day: what one same-day payment may carry, and the words for wages and purchases', () => {
  const days = ['2016-09-22', '2016-09-23', '2020-03-20', '2022-03-17', '2022-03-18', '2030-01-01']
  expect(days.map(sameDayMax)).toEqual([undefined, 2_500_000n, 10_000_000n, 10_000_000n, 100_000_000n, 100_000_000n])
  const wages = (on: string) => descriptionOf('wages', { on, usual: 'SALARY' })
  expect(['2024-01-02', '2026-03-19', '2026-03-20', '2030-01-02'].map(wages)).toEqual(['SALARY', 'SALARY', 'PAYROLL', 'PAYROLL'])
  expect(descriptionOf('purchase', { on: '2026-11-25', usual: 'SHOP' })).toBe('PURCHASE')
  expect(descriptionOf('other', { on: '2026-11-25', usual: 'PAYOUT' })).toBe('PAYOUT')
})

test('each code of a return says what happens next, and one that is not known calls a person', () => {
  const next = (code: string) => [returnMeaning(code).reason, returnMeaning(code).next]
  expect(next('R03')).toEqual(['invalid_destination', 'correct'])
  expect(next('R23')).toEqual(['rejected_by_payee', 'ask'])
  expect(next('R09')).toEqual(['rejected_by_rail', 'again'])
  expect(next('R26')).toEqual(['rejected_by_rail', 'ours'])
  expect(returnMeaning('R99').title).toBe('a code that is not known here')
  const gaps = new Set([48, 49, 54, 55, 56, 57, 58, 59, 60, 63, 64, 65, 66, 78, 79])
  const unknown = Array.from({ length: 85 }, (_, i) => i + 1).filter((n) =>
    returnMeaning(`R${String(n).padStart(2, '0')}`).title.startsWith('a code that'),
  )
  expect(new Set(unknown)).toEqual(gaps)
})

test('a notification of change is read by the columns of its code, and one that makes no sense changes nothing', () => {
  expect(correctionOf('C01', '777000777'.padEnd(29))).toEqual({ account: '777000777' })
  expect(correctionOf('C02', '021000021'.padEnd(29))).toEqual({ routing: '021000021' })
  expect(correctionOf('C03', '021000021   777000777'.padEnd(29))).toEqual({ routing: '021000021', account: '777000777' })
  expect(correctionOf('C05', '32'.padEnd(29))).toEqual({ type: '3' })
  expect(correctionOf('C06', '777000777           32'.padEnd(29))).toEqual({ account: '777000777', type: '3' })
  expect(correctionOf('C07', '021000021777000777        32'.padEnd(29))).toEqual({ routing: '021000021', account: '777000777', type: '3' })
  expect(correctionOf('C02', '021000022'.padEnd(29))).toBeUndefined()
  expect(correctionOf('C03', '021000022   777000777'.padEnd(29))).toBeUndefined()
  expect(correctionOf('C04', 'MIA WEBER'.padEnd(29))).toBeUndefined()
})
