import { invariant } from '../../../gateway/errors/invariant.ts'
import { wrongEntry } from './entryRules.ts'
import { BLOCKING, COLUMNS, writeRecord } from './fields.ts'
import {
  type Addendum,
  addTotals,
  type Batch,
  type Entry,
  type NachaFile,
  NO_TOTALS,
  serviceClassOf,
  type Totals,
  totalsOf,
} from './fileParts.ts'
import * as layouts from './layouts.ts'

/** Originators are depository institutions or their customers, bound by the rules: 1. Of the federal government it would be 2. */
const ORIGINATOR_STATUS = '1'

function addendumRecord(addendum: Addendum, { trace, sequence }: Readonly<{ trace: string; sequence: number }>): string {
  if (addendum.kind === 'payment') {
    return writeRecord(layouts.PAYMENT_ADDENDUM, {
      'payment related information': addendum.text,
      'addenda sequence number': String(sequence),
      'entry detail sequence number': trace.slice(8),
    })
  }
  const about = {
    'original trace number': addendum.originalTrace,
    'original receiving DFI': addendum.originalRdfi,
    'trace number': trace,
  }
  if (addendum.kind === 'change') {
    return writeRecord(layouts.CHANGE_ADDENDUM, {
      ...about,
      'change code': addendum.code,
      'corrected data': addendum.corrected,
      reserved: '',
    })
  }
  return writeRecord(layouts.RETURN_ADDENDUM, {
    ...about,
    'return reason code': addendum.code,
    'date of death': addendum.diedOn,
    'addenda information': addendum.text,
  })
}

function entryRecord({ entryClass }: Batch, entry: Entry): string {
  const common = {
    'transaction code': entry.code,
    'receiving DFI': entry.routing,
    'DFI account number': entry.account,
    amount: String(entry.cents),
    'individual identification': entry.id,
    'discretionary data': entry.discretionary,
    'addenda record indicator': entry.addenda.length > 0 ? '1' : '0',
    'trace number': entry.trace,
  }
  if (entryClass !== 'CTX') return writeRecord(layouts.ENTRY, { ...common, 'individual name': entry.name })
  const count = String(entry.addenda.length)
  return writeRecord(layouts.CTX_ENTRY, { ...common, 'number of addenda': count, 'receiving company': entry.name })
}

function writeBatch(batch: Batch, records: string[]): Totals {
  const serviceClass = serviceClassOf(batch.entries)
  const named = {
    'service class code': serviceClass,
    'company identification': batch.companyId,
    'originating DFI': batch.odfi,
    'batch number': String(batch.number),
  }
  records.push(
    writeRecord(layouts.BATCH_HEADER, {
      ...named,
      'company name': batch.companyName,
      'company discretionary data': batch.companyData,
      'standard entry class': batch.entryClass,
      'company entry description': batch.description,
      'company descriptive date': batch.descriptiveDate,
      'effective entry date': batch.effectiveOn,
      'settlement date': batch.settledOn,
      'originator status code': ORIGINATOR_STATUS,
    }),
  )
  let totals = NO_TOTALS
  let before = ''
  for (const entry of batch.entries) {
    const wrong = wrongEntry(batch, entry)
    invariant(!wrong, () => `an entry is not written: ${wrong?.field}: ${wrong?.why}`)
    invariant(entry.trace > before, () => `trace ${entry.trace} comes after ${before}`)
    before = entry.trace
    records.push(entryRecord(batch, entry))
    for (const [i, addendum] of entry.addenda.entries()) records.push(addendumRecord(addendum, { trace: entry.trace, sequence: i + 1 }))
    totals = addTotals(totals, totalsOf(entry))
  }
  records.push(
    writeRecord(layouts.BATCH_CONTROL, {
      ...named,
      ...written(totals),
      'message authentication code': '',
      reserved: '',
    }),
  )
  return totals
}

function written({ records, hash, debits, credits }: Totals) {
  return {
    'entry and addenda count': String(records),
    'entry hash': String(hash),
    'total debits': String(debits),
    'total credits': String(credits),
  }
}

/** The text of a file: 94 columns a line, whole blocks of ten lines, with all that it must add up to. Throws on parts that no bank would take. */
export function writeNacha(file: NachaFile): string {
  const [day, time] = file.createdAt.split('T')
  invariant(/^[A-Z0-9]$/.test(file.modifier), `${file.modifier} is one of A to Z and 0 to 9`)
  invariant(
    file.batches.every((batch, i) => batch.entries.length > 0 && batch.number > (file.batches[i - 1]?.number ?? 0)),
    'batches are in order',
  )
  const records = [
    writeRecord(layouts.FILE_HEADER, {
      'immediate destination': file.destination,
      'immediate origin': file.origin,
      'file creation date': day!,
      'file creation time': (time ?? '').replace(':', ''),
      'file id modifier': file.modifier,
      'immediate destination name': file.destinationName,
      'immediate origin name': file.originName,
      'reference code': file.reference,
    }),
  ]
  let totals = NO_TOTALS
  for (const batch of file.batches) totals = addTotals(totals, writeBatch(batch, records))
  const rest = (BLOCKING - ((records.length + 1) % BLOCKING)) % BLOCKING
  records.push(
    writeRecord(layouts.FILE_CONTROL, {
      'batch count': String(file.batches.length),
      'block count': String((records.length + 1 + rest) / BLOCKING),
      ...written(totals),
      reserved: '',
    }),
  )
  for (let i = 0; i < rest; i++) records.push('9'.repeat(COLUMNS))
  return `${records.join('\n')}\n`
}
