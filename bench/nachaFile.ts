import { fileURLToPath } from 'node:url'
import type { Entry } from '../adapters/bank/nacha/fileParts.ts'
import { readNacha } from '../adapters/bank/nacha/readNacha.ts'
import { writeNacha } from '../adapters/bank/nacha/writeNacha.ts'

const LINES = 100_000
const ODFI = '12104288'
/** File header, batch header, and the two control records. */
const AROUND = 4

/** Half as many payments as lines: each has an addendum. */
function entriesOf(count: number): Entry[] {
  return Array.from({ length: count }, (_, i) => ({
    code: '22',
    routing: '021000021',
    account: String(1_000_000 + i),
    cents: 12_345n,
    id: `A${String(i).padStart(14, '0')}`,
    name: 'A PAYEE',
    discretionary: '',
    trace: `${ODFI}${String(i + 1).padStart(7, '0')}`,
    addenda: [{ kind: 'payment', text: `INVOICE ${i}` }],
  }))
}

/** Prints what writing and reading a NACHA file takes. */
export async function run(): Promise<void> {
  const company = { companyName: 'SWITCHYARD', companyData: 'F1-1', companyId: '1123456789', description: 'PAYOUT', descriptiveDate: '' }
  const days = { effectiveOn: '2026-11-27', settledOn: '' }
  const entries = entriesOf((LINES - AROUND) / 2)
  const batch = { entryClass: 'PPD' as const, ...company, ...days, odfi: ODFI, number: 1, entries }
  const names = { destination: '121042882', origin: '1123456789', destinationName: 'A BANK', originName: 'SWITCHYARD', reference: '' }
  const began = performance.now()
  const text = writeNacha({ ...names, createdAt: '2026-11-25T09:30', modifier: 'A', batches: [batch] })
  const wrote = performance.now()
  readNacha(text)
  const read = performance.now()
  const lines = text.trimEnd().split('\n').length
  console.log(
    `nachaFile  ${lines} lines, ${text.length} bytes: written in ${Math.round(wrote - began)} ms, read in ${Math.round(read - wrote)} ms`,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
