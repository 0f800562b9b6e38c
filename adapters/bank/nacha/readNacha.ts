import { BankFileRefused } from '../files/bankFileRefused.ts'
import { kindOfCode, wrongEntry } from './entryRules.ts'
import { BLOCKING, COLUMNS, type Layout, linesOf, readRecord, refuseAt, type Values } from './fields.ts'
import {
  type Addendum,
  addTotals,
  type Batch,
  ENTRY_CLASSES,
  type Entry,
  type EntryClass,
  isDebit,
  type NachaFile,
  NO_TOTALS,
  type Totals,
  totalsOf,
} from './fileParts.ts'
import * as layouts from './layouts.ts'

const PADDING = '9'.repeat(COLUMNS)

/** Walks over the records of a file; `at` is the place of the next one. */
type Walk = { readonly lines: readonly string[]; at: number }
type Header = Values<'service class code'> & Omit<Batch, 'entries'>

/** Reads the next record, or refuses it; its line is counted from one. */
function next<Name extends string>(walk: Walk, layout: Layout<Name>): Values<Name> & Readonly<{ line: number }> {
  const record = walk.lines[walk.at]
  walk.at += 1
  if (record === undefined) throw refuseAt(walk.at, 'record', 'the file ends before its control record')
  return { ...readRecord(layout, record, walk.at), line: walk.at }
}

const typeAt = ({ lines, at }: Walk) => lines[at]?.charAt(0)

function same(line: number, field: string, told: string | bigint | number, found: string | bigint | number): void {
  if (`${told}` !== `${found}`) throw refuseAt(line, field, `${told} where ${found} must be`)
}

function readAddendum(walk: Walk, { trace, sequence }: Readonly<{ trace: string; sequence: number }>): Addendum {
  const type = walk.lines[walk.at]?.slice(1, 3)
  if (type === '99') {
    const read = next(walk, layouts.RETURN_ADDENDUM)
    same(read.line, 'trace number', read['trace number'], trace)
    return {
      kind: 'return',
      code: read['return reason code'],
      originalTrace: read['original trace number'],
      originalRdfi: read['original receiving DFI'],
      diedOn: read['date of death'],
      text: read['addenda information'],
    }
  }
  if (type === '98') {
    const read = next(walk, layouts.CHANGE_ADDENDUM)
    same(read.line, 'trace number', read['trace number'], trace)
    return {
      kind: 'change',
      code: read['change code'],
      originalTrace: read['original trace number'],
      originalRdfi: read['original receiving DFI'],
      corrected: read['corrected data'],
    }
  }
  const read = next(walk, layouts.PAYMENT_ADDENDUM)
  same(read.line, 'addenda sequence number', BigInt(read['addenda sequence number']), sequence)
  same(read.line, 'entry detail sequence number', read['entry detail sequence number'], trace.slice(8))
  return { kind: 'payment', text: read['payment related information'] }
}

/** An entry in either form: a CTX entry counts its addenda. */
function readFields(walk: Walk, entryClass: EntryClass) {
  if (entryClass !== 'CTX') {
    const read = next(walk, layouts.ENTRY)
    return { ...read, name: read['individual name'], counted: undefined }
  }
  const read = next(walk, layouts.CTX_ENTRY)
  return { ...read, name: read['receiving company'], counted: BigInt(read['number of addenda']) }
}

function readEntry(walk: Walk, batch: Header): Entry {
  const read = readFields(walk, batch.entryClass)
  const trace = read['trace number']
  const addenda: Addendum[] = []
  while (typeAt(walk) === '7') addenda.push(readAddendum(walk, { trace, sequence: addenda.length + 1 }))
  same(read.line, 'addenda record indicator', read['addenda record indicator'], addenda.length > 0 ? 1 : 0)
  const entry = {
    code: read['transaction code'],
    routing: read['receiving DFI'],
    account: read['DFI account number'],
    cents: BigInt(read.amount),
    id: read['individual identification'],
    name: read.name,
    discretionary: read['discretionary data'],
    trace,
    addenda,
  }
  const wrong = wrongEntry(batch, entry)
  if (wrong) throw refuseAt(read.line, wrong.field, wrong.why)
  if (read.counted !== undefined && kindOfCode(entry.code) !== 'returned')
    same(read.line, 'number of addenda', read.counted, addenda.length)
  return entry
}

function readHeader(walk: Walk): Header {
  const read = next(walk, layouts.BATCH_HEADER)
  const entryClass = ENTRY_CLASSES.find((one) => one === read['standard entry class'])
  if (!entryClass) {
    throw refuseAt(read.line, 'standard entry class', `"${read['standard entry class']}" is none of ${ENTRY_CLASSES.join(', ')}`)
  }
  if (!['200', '220', '225'].includes(read['service class code'])) {
    throw refuseAt(read.line, 'service class code', `${read['service class code']} is none of 200, 220, 225`)
  }
  return {
    'service class code': read['service class code'],
    entryClass,
    companyName: read['company name'],
    companyData: read['company discretionary data'],
    companyId: read['company identification'],
    description: read['company entry description'],
    descriptiveDate: read['company descriptive date'],
    effectiveOn: read['effective entry date'],
    settledOn: read['settlement date'],
    odfi: read['originating DFI'],
    number: Number(read['batch number']), // Seven digits.
  }
}

function checkTotals(
  line: number,
  read: Values<'entry and addenda count' | 'entry hash' | 'total debits' | 'total credits'>,
  totals: Totals,
) {
  same(line, 'entry and addenda count', BigInt(read['entry and addenda count']), totals.records)
  same(line, 'entry hash', BigInt(read['entry hash']), totals.hash)
  same(line, 'total debits', BigInt(read['total debits']), totals.debits)
  same(line, 'total credits', BigInt(read['total credits']), totals.credits)
}

function readBatch(walk: Walk): Readonly<{ batch: Batch; totals: Totals }> {
  const { 'service class code': serviceClass, ...header } = readHeader(walk)
  const entries: Entry[] = []
  let totals = NO_TOTALS
  let before = ''
  while (typeAt(walk) === '6') {
    const line = walk.at + 1
    const entry = readEntry(walk, { 'service class code': serviceClass, ...header })
    const onlyOther = serviceClass === (isDebit(entry.code) ? '220' : '225')
    if (onlyOther) throw refuseAt(line, 'transaction code', `${entry.code} does not go with the service class ${serviceClass}`)
    if (entry.trace <= before) throw refuseAt(line, 'trace number', `${entry.trace} does not come after ${before}`)
    before = entry.trace
    entries.push(entry)
    totals = addTotals(totals, totalsOf(entry))
  }
  const control = next(walk, layouts.BATCH_CONTROL)
  if (entries.length === 0) throw refuseAt(control.line, 'record type', 'a batch without an entry')
  checkTotals(control.line, control, totals)
  same(control.line, 'service class code', control['service class code'], serviceClass)
  same(control.line, 'company identification', control['company identification'], header.companyId)
  same(control.line, 'originating DFI', control['originating DFI'], header.odfi)
  same(control.line, 'batch number', BigInt(control['batch number']), header.number)
  return { batch: { ...header, entries }, totals }
}

/** The last lines: the control record of the file, then lines of nines that fill its last block, where they are sent. */
function readEnd(walk: Walk, batches: number, totals: Totals): void {
  const control = next(walk, layouts.FILE_CONTROL)
  same(control.line, 'batch count', BigInt(control['batch count']), batches)
  same(
    control.line,
    'block count',
    BigInt(control['block count']),
    (control.line + BLOCKING - 1 - ((control.line - 1) % BLOCKING)) / BLOCKING,
  )
  checkTotals(control.line, control, totals)
  for (let i = walk.at; i < walk.lines.length; i++) {
    if (walk.lines[i] !== PADDING) throw refuseAt(i + 1, 'record', 'something comes after the control record')
  }
  if (walk.lines.length - walk.at >= BLOCKING) throw refuseAt(walk.lines.length, 'record', 'the last block has more than ten lines')
}

/** Reads a file, or refuses it whole with the line and the field that are wrong: layout, characters, check digits, counts, hashes and totals. */
export function readNacha(content: string): NachaFile {
  if (content.trim() === '') throw new BankFileRefused('the file is empty')
  const walk: Walk = { lines: linesOf(content), at: 0 }
  const head = next(walk, layouts.FILE_HEADER)
  if (!/^[A-Z0-9]$/.test(head['file id modifier'])) throw refuseAt(head.line, 'file id modifier', 'it is none of A to Z and 0 to 9')
  const time = head['file creation time']
  if (!/^(([01][0-9]|2[0-3])[0-5][0-9])?$/.test(time)) throw refuseAt(head.line, 'file creation time', `"${time}" is not a time HHMM`)
  const batches: Batch[] = []
  let totals = NO_TOTALS
  while (typeAt(walk) === '5') {
    const line = walk.at + 1
    const one = readBatch(walk)
    if (one.batch.number <= (batches.at(-1)?.number ?? 0)) throw refuseAt(line, 'batch number', 'it does not come after the one before')
    batches.push(one.batch)
    totals = addTotals(totals, one.totals)
  }
  readEnd(walk, batches.length, totals)
  return {
    destination: head['immediate destination'],
    origin: head['immediate origin'],
    createdAt: head['file creation date'] + (time === '' ? '' : `T${time.slice(0, 2)}:${time.slice(2)}`),
    modifier: head['file id modifier'],
    destinationName: head['immediate destination name'],
    originName: head['immediate origin name'],
    reference: head['reference code'],
    batches,
  }
}
