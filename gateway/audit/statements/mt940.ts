import { centsMoved, centsOf, centsText, exactWords, type FiatFile, nameOf } from './fiatFile.ts'
import { lastDay, type Movement } from './statement.ts'

const END = '\r\n'
const [REFERENCE_MAX, LINE_MAX, LINES_MAX] = [16, 65, 6]
/** SWIFT's set x without what :86: may have a meaning of its own for: `?` and `:` begin a field, `/` a code word, `{` and `}` a block. */
const NOT_X = /[^a-zA-Z0-9\-().,'+ ]/g
/** Letters that lose more than a mark when they are written without it. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  œ: 'oe',
  Œ: 'OE',
}

/** The statement as MT940 (SWIFT): one message of one account, in cents. */
export function* mt940(file: FiatFile): Generator<string> {
  const { statement, of, owner } = file
  const { period, isPreliminary } = statement
  const currency = of.asset.code
  yield line('20', nameOf(file).slice(-REFERENCE_MAX))
  yield line('25', owner.id.slice(owner.id.indexOf('_') + 1))
  yield line('28C', `${period.from.slice(2, 4)}${dayOfYear(period.from)}/1`)
  yield line('60F', balanceOf(centsOf(of.opening, of.asset), { day: period.from, currency }))
  for (const page of statement.pages(of)) yield page.map(movementLines).join('')
  yield line('62F', balanceOf(centsOf(of.closing, of.asset), { day: lastDay(statement), currency }))
  yield `${isPreliminary ? line('86', 'PRELIMINARY: THE PERIOD HAS NOT ENDED') : ''}-${END}`
}

function movementLines(movement: Movement): string {
  const { day, units, kind, entry, of, reference, description } = movement
  const cents = centsMoved(movement)
  const type = kind === 'fee' ? 'NCHG' : 'NTRF'
  const own = inSetX(reference).trim()
  const named = own !== '' && own.length <= REFERENCE_MAX ? own : 'NONREF'
  const [date, entryDate] = [short(day), short(day).slice(2)]
  const booked = `${date}${entryDate}${units < 0n ? 'D' : 'C'}${comma(cents)}${type}${named}//${entry.slice(-REFERENCE_MAX)}`
  const told = [
    ['KIND', kind],
    ['ID', of],
    ['REF', reference],
    ['TXT', description],
    ['AMT', exactWords(movement)],
  ] as const
  const text = told.flatMap(([name, words]) => (words === '' ? [] : [`/${name}/${inSetX(words)}`])).join('')
  return `${line('61', booked)}${line('86', wrapped(text))}`
}

/** At most six lines of 65, of which none may begin as the end of a message does. */
function wrapped(text: string): string {
  const lines = text.match(new RegExp(`.{1,${LINE_MAX}}`, 'g')) ?? []
  return lines
    .slice(0, LINES_MAX)
    .map((one) => one.replace(/^-/, '.'))
    .join(END)
}

/** Without marks on letters, and a full stop for what the set has no letter for. */
function inSetX(words: string): string {
  const plain = words.replaceAll(/[^ -~]/gu, (letter) => LETTERS[letter] ?? letter.normalize('NFKD').replaceAll(/\p{M}/gu, ''))
  return plain.replaceAll('_', '-').replaceAll(NOT_X, '.')
}

function line(tag: string, content: string): string {
  return `:${tag}:${content}${END}`
}

function balanceOf(cents: bigint, { day, currency }: Readonly<{ day: string; currency: string }>): string {
  return `${cents < 0n ? 'D' : 'C'}${short(day)}${currency}${comma(cents)}`
}

function comma(cents: bigint): string {
  return centsText(cents).replace('.', ',')
}

/** YYMMDD. */
function short(date: string): string {
  return date.slice(2).replaceAll('-', '')
}

/** Three digits: with those of the year a number that goes up. */
function dayOfYear(date: string): string {
  const days = (Date.parse(date) - Date.parse(`${date.slice(0, 4)}-01-01`)) / 86_400_000
  return `${days + 1}`.padStart(3, '0')
}
