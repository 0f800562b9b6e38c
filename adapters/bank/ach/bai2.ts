import { BankFileRefused } from '../files/bankFileRefused.ts'

/** One booking: its type's number says what it is, 1xx to 3xx a credit, 4xx to 6xx a debit. `cents` as the bank wrote it. */
export type Bai2Entry = Readonly<{ type: string; cents: bigint; bankReference: string; customerReference: string; text: string }>

/** What one account had on one day. `interim`: more of the day may come. `closing` and `opening`: its ledger balances (015 and 010), where they are told. */
export type Bai2Account = Readonly<{
  account: string
  currency: string
  asOf: string
  interim: boolean
  opening: bigint | undefined
  closing: bigint | undefined
  entries: readonly Bai2Entry[]
}>

type Bai2File = Readonly<{ createdAt: string; accounts: readonly Bai2Account[] }>

type Line = Readonly<{ code: string; fields: readonly string[]; line: number }>

/** A balance keeps below 2^63 units of 10^-6 with so many digits of cents. */
const AMOUNT = /^([+-]?)([0-9]{1,14})$/
const [OPENING, CLOSING] = ['010', '015']
const RECORDS_MAX = 200_000

function refuseAt(line: number, field: string, why: string): BankFileRefused {
  return new BankFileRefused(`line ${line}, ${field}: ${why}`)
}

function centsOf(raw: string | undefined, line: number, field: string): bigint {
  const parts = AMOUNT.exec(raw ?? '')
  if (!parts) throw refuseAt(line, field, `"${(raw ?? '').slice(0, 20)}" is not an amount in cents`)
  const cents = BigInt(parts[2]!)
  return parts[1] === '-' ? -cents : cents
}

function dateOf(raw: string | undefined, line: number, field: string): string {
  const on = /^[0-9]{6}$/.test(raw ?? '') ? `20${raw!.slice(0, 2)}-${raw!.slice(2, 4)}-${raw!.slice(4, 6)}` : ''
  const at = Date.parse(on)
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(on)) throw refuseAt(line, field, `"${raw}" is not a date YYMMDD`)
  return on
}

/** Records with their continuations (88) joined, split at commas. A slash ends a record; behind it a bank may fill with blanks. */
function recordsOf(content: string): Line[] {
  const lines = content.replace(/[\r\n]+$/, '').split(/\r?\n/)
  if (lines.length > RECORDS_MAX) throw new BankFileRefused(`${lines.length} records are more than ${RECORDS_MAX}`)
  const records: { code: string; text: string; line: number }[] = []
  for (const [i, raw] of lines.entries()) {
    const text = raw.trimEnd().replace(/\/$/, '')
    if (!/^[0-9]{2},/.test(text)) throw refuseAt(i + 1, 'record', 'it does not begin with two digits and a comma')
    const last = records.at(-1)
    if (!text.startsWith('88,')) records.push({ code: text.slice(0, 2), text: text.slice(3), line: i + 1 })
    else if (last) last.text += `,${text.slice(3)}`
    else throw refuseAt(i + 1, 'record', 'a continuation of nothing')
  }
  return records.map(({ code, text, line }) => ({ code, fields: text.split(','), line }))
}

/** How many fields a funds type takes: V has a date and a time behind it, S three amounts, D a count and twice as many. */
function afterFundsType({ fields, line }: Line, at: number): number {
  const type = fields[at] ?? ''
  if (type === 'V') return at + 3
  if (type === 'S') return at + 4
  if (type !== 'D') return at + 1
  const count = fields[at + 1] ?? ''
  // One below nothing would lead back to where it was read.
  if (!/^[0-9]{1,3}$/.test(count)) throw refuseAt(line, 'funds type D', `"${count.slice(0, 12)}" is no number of days`)
  return at + 2 + 2 * Number.parseInt(count, 10)
}

type Opened = { account: Bai2Account; sum: bigint; entries: Bai2Entry[]; line: number }

function openAccount(record: Line, group: Readonly<{ asOf: string; currency: string; interim: boolean }>): Opened {
  const { fields, line } = record
  const balances = new Map<string, bigint>()
  let sum = 0n
  for (let at = 2; at < fields.length && fields[at] !== ''; ) {
    const type = fields[at]!
    const told = fields[at + 1] ?? ''
    const cents = told === '' ? 0n : centsOf(told, line, `amount of ${type}`)
    if (told !== '') balances.set(type, cents)
    sum += cents
    at = afterFundsType(record, at + 3)
  }
  const account = {
    account: fields[0] ?? '',
    currency: fields[1] || group.currency,
    asOf: group.asOf,
    interim: group.interim,
    opening: balances.get(OPENING),
    closing: balances.get(CLOSING),
    entries: [],
  }
  return { account, sum, entries: [], line }
}

function entryOf(record: Line): Bai2Entry {
  const { fields, line } = record
  const type = fields[0] ?? ''
  if (!/^[1-9][0-9]{2}$/.test(type)) throw refuseAt(line, 'type code', `"${type.slice(0, 8)}" is not three digits`)
  const cents = centsOf(fields[1], line, 'amount')
  const at = afterFundsType(record, 2)
  return {
    type,
    cents,
    bankReference: (fields[at] ?? '').trim(),
    customerReference: (fields[at + 1] ?? '').trim(),
    text: fields
      .slice(at + 2)
      .join(',')
      .trim(),
  }
}

/** Control totals are sums of all amounts below them, with their signs; counts are of physical records. */
function checkTotal({ fields, line }: Line, told: Readonly<{ sum: bigint; count?: number; records: number }>): void {
  const sum = centsOf(fields[0], line, 'control total')
  if (sum !== told.sum) throw refuseAt(line, 'control total', `${sum} where ${told.sum} must be`)
  const counts = told.count === undefined ? [told.records] : [told.count, told.records]
  for (const [i, count] of counts.entries()) {
    const field = counts.length === 2 && i === 0 ? 'count' : 'number of records'
    if (fields[i + 1] !== String(count)) throw refuseAt(line, field, `${(fields[i + 1] ?? '').slice(0, 12)} where ${count} must be`)
  }
}

/** Reads a file of balances and bookings, or refuses it whole with the line and the field: counts and control totals must add up at every level. */
export function readBai2(content: string): Bai2File {
  const records = recordsOf(content)
  const lineCount = content.replace(/[\r\n]+$/, '').split(/\r?\n/).length
  const [head, ...rest] = records
  if (head?.code !== '01') throw refuseAt(1, 'record', 'the file does not begin with 01')
  const date = dateOf(head.fields[2], 1, 'file creation date')
  const time = /^([01][0-9]|2[0-3])[0-5][0-9]$/.test(head.fields[3] ?? '') ? head.fields[3]! : '0000'
  const accounts: Bai2Account[] = []
  let group: Readonly<{ asOf: string; currency: string; interim: boolean; line: number; sum: bigint; count: number }> | undefined
  let open: Opened | undefined
  const file = { sum: 0n, count: 0 }
  for (const record of rest) {
    const { code, fields, line } = record
    const misplaced = () => refuseAt(line, 'record', `a record ${code} may not be here`)
    if (code === '02' && !group) {
      const asOf = dateOf(fields[3], line, 'as-of date')
      group = { asOf, currency: fields[5] || 'USD', interim: ['1', '3'].includes(fields[6] ?? ''), line, sum: 0n, count: 0 }
    } else if (code === '03' && group && !open) open = openAccount(record, group)
    else if (code === '16' && open) {
      const entry = entryOf(record)
      open.entries.push(entry)
      open.sum += entry.cents
    } else if (code === '49' && open && group) {
      checkTotal(record, { sum: open.sum, records: line - open.line + 1 })
      accounts.push({ ...open.account, entries: open.entries })
      group = { ...group, sum: group.sum + open.sum, count: group.count + 1 }
      open = undefined
    } else if (code === '98' && group && !open) {
      checkTotal(record, { sum: group.sum, count: group.count, records: line - group.line + 1 })
      file.sum += group.sum
      file.count += 1
      group = undefined
    } else if (code === '99' && !group && line === lineCount) {
      checkTotal(record, { ...file, records: lineCount })
      return { createdAt: `${date}T${time.slice(0, 2)}:${time.slice(2)}:00`, accounts }
    } else throw misplaced()
  }
  throw refuseAt(lineCount, 'record', 'the file ends before its trailer 99')
}
