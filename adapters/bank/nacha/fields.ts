import { BankFileRefused } from '../files/bankFileRefused.ts'

/** Records of a file have so many columns each, and ten of them are a block. */
export const COLUMNS = 94
export const BLOCKING = 10

/** What Nacha's rules let an alphanumeric field hold: the printable characters of ASCII. */
const TEXT = /^[ -~]*$/

/**
 * A field by the columns it takes. `digits`: zeros before it. `text`: blanks behind it. `right`: blanks before it. `date`: YYMMDD, and blank where there is
 * none. A fixed one has always the same text, so a reader refuses any other.
 */
type Field<Name extends string = string> =
  | Readonly<{ name: Name; width: number; form: 'digits' | 'text' | 'right' | 'date' }>
  | Readonly<{ fixed: string; name: string }>

export type Layout<Name extends string> = readonly Field<Name>[]
export type Values<Name extends string> = Readonly<Record<Name, string>>

export const digits = <Name extends string>(name: Name, width: number): Field<Name> => ({ name, width, form: 'digits' })
export const text = <Name extends string>(name: Name, width: number): Field<Name> => ({ name, width, form: 'text' })
export const right = <Name extends string>(name: Name, width: number): Field<Name> => ({ name, width, form: 'right' })
export const date = <Name extends string>(name: Name): Field<Name> => ({ name, width: 6, form: 'date' })
export const fixed = (value: string, name: string): Field<never> => ({ fixed: value, name })

const widthOf = (field: Field) => ('fixed' in field ? field.fixed.length : field.width)

/** Where a record is not what it must be: its line, counted from one, and the field. */
export function refuseAt(line: number, field: string, why: string): BankFileRefused {
  return new BankFileRefused(`line ${line}, ${field}: ${why}`)
}

/** The date of six digits as ISO 8601 writes it; the network began in 1974, and no file is older than this century. */
function readDate(raw: string): string | undefined {
  const on = `20${raw.slice(0, 2)}-${raw.slice(2, 4)}-${raw.slice(4, 6)}`
  const at = Date.parse(on)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(on) ? on : undefined
}

function writeField(field: Field, values: Readonly<Record<string, string>>): string {
  if ('fixed' in field) return field.fixed
  const { name, width, form } = field
  const value = values[name] ?? ''
  const wrong = (why: string) => new Error(`invariant broken: ${name} "${value}" ${why}`)
  if (form === 'date') return value === '' ? ' '.repeat(width) : value.slice(2).replaceAll('-', '')
  if (value.length > width) throw wrong(`has more than ${width} characters`)
  if (form === 'digits') {
    if (!/^[0-9]+$/.test(value)) throw wrong('has not digits alone')
    return value.padStart(width, '0')
  }
  if (!TEXT.test(value)) throw wrong('has a character that ACH does not carry')
  return form === 'text' ? value.padEnd(width) : value.padStart(width)
}

/** One record of 94 columns. Throws where a value does not fit: who writes has made it fit. */
export function writeRecord<Name extends string>(layout: Layout<Name>, values: Values<Name>): string {
  let record = ''
  for (const field of layout) record += writeField(field, values)
  return record
}

function readField(field: Exclude<Field, { fixed: string }>, raw: string, line: number): string {
  const { name, form } = field
  if (form === 'digits') {
    if (!/^[0-9]+$/.test(raw)) throw refuseAt(line, name, `"${raw}" has not digits alone`)
    return raw
  }
  if (form !== 'date') return form === 'text' ? raw.trimEnd() : raw.trimStart()
  if (raw.trim() === '') return ''
  const on = /^[0-9]{6}$/.test(raw) ? readDate(raw) : undefined
  if (on === undefined) throw refuseAt(line, name, `"${raw}" is not a date YYMMDD`)
  return on
}

/** The values of one record. Refuses what is not of the layout, with the line and the field. */
export function readRecord<Name extends string>(layout: Layout<Name>, record: string, line: number): Values<Name> {
  const values: Record<string, string> = {}
  let from = 0
  for (const field of layout) {
    const raw = record.slice(from, from + widthOf(field))
    from += raw.length
    if ('fixed' in field) {
      if (raw !== field.fixed) throw refuseAt(line, field.name, `"${raw}" where "${field.fixed}" must be`)
    } else values[field.name] = readField(field, raw, line)
  }
  return values as Values<Name> // Each field of the layout was read.
}

/** The lines of a file: ended by LF or CRLF, or, as some banks send it, one after the other without an end. Refuses what is no text of 94 columns. */
export function linesOf(content: string): string[] {
  const whole = content.replace(/[\r\n]+$/, '')
  const lines = whole.includes('\n') || whole.length % COLUMNS !== 0 ? whole.split(/\r?\n/) : (whole.match(/[\s\S]{94}/g) ?? [])
  for (const [i, line] of lines.entries()) {
    if (line.length !== COLUMNS) throw refuseAt(i + 1, 'record', `it has ${line.length} columns where ${COLUMNS} must be`)
    if (!TEXT.test(line)) throw refuseAt(i + 1, 'record', 'it has a character that ACH does not carry')
  }
  return lines
}
