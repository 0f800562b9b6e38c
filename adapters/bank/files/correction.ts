import type { BookedEntry } from './bankFile.ts'
import type { BankStore, EntryRow, Source } from './store.ts'

/** The keys of all entries of one report. */
export type Reported = Readonly<{ has: (key: string) => boolean }>

/** How a key begins that was made of the bank's own reference: see `keyOf` in camtEntry.ts. */
const OF_REFERENCE = /^(.+\/(?:CRDT|DBIT)\/)[0-9]+$/
/** What banks write where they give no reference; entries have it in common and nothing else. */
const NO_REFERENCE = /^(?:NONREF|NOREF|NOTPROVIDED|UNKNOWN)\//

/**
 * Rows that this entry corrects: earlier words of the bank on the same reference and side, with another amount, that this report does not repeat. What a
 * statement has listed is final, so after that only the same day's booking can be meant. A payment and its charge share a reference at some banks.
 */
export function correctedBy(store: BankStore, entry: BookedEntry, reported: Reported): EntryRow[] {
  const prefix = OF_REFERENCE.exec(entry.key)?.[1]
  if (prefix === undefined || NO_REFERENCE.test(prefix)) return []
  const rows = store.entriesOf(prefix, entry.key).filter(({ key }) => OF_REFERENCE.test(key) && !reported.has(key))
  const payments = new Set(rows.filter(({ kind }) => kind !== 'charge').map(({ key }) => key))
  const charge = entry.parts.every((part) => part.charge)
  return rows.filter((row) => payments.has(row.key) !== charge && (row.statementId === null || row.bookedOn === entry.bookedOn))
}

const problemOf = (key: string) => `corrected:${key}`

/** True of an entry that was read as a correction: one that changes no sum has left nothing else. */
export function wasCorrection(store: BankStore, key: string): boolean {
  return store.hasProblem(problemOf(key))
}

/**
 * Books what a corrected entry adds to or takes from its earlier word, and calls a person: more is money whose owner is decided by hand, less is money that
 * somebody was credited with and the bank has not got. Nobody is credited a second time.
 */
export function correctEntry(store: BankStore, entry: BookedEntry, before: readonly EntryRow[], source: Source): void {
  const told = before.reduce((sum, row) => sum + (row.side === 'credit' ? row.units : -row.units), 0n)
  const now = entry.side === 'credit' ? entry.units : -entry.units
  const difference = now - told
  const detail = `${entry.key} corrects ${before.map(({ key }) => key).join(', ')}: ${now} units instead of ${told}`
  store.addProblem({ id: problemOf(entry.key), at: source.at, what: 'the bank has corrected an entry', detail })
  if (difference === 0n) return
  const credit = difference > 0n
  store.addEntry({
    id: entry.key,
    key: entry.key,
    side: credit ? 'credit' : 'debit',
    kind: credit ? 'received' : 'unexplained',
    units: credit ? difference : -difference,
    bookedOn: entry.bookedOn,
    at: source.at,
    attemptId: null,
    reference: null,
    payer: entry.parts[0]?.payer ?? null,
    payerIban: entry.parts[0]?.payerIban ?? null,
    proof: source.hash,
    reason: null,
    remittance: entry.parts[0]?.text ?? null,
    endToEndId: null,
    batch: null,
  })
}
