/** Standard entry classes that are written and read: credits and debits of people and companies, and COR, by which a payee's bank corrects. */
export const ENTRY_CLASSES = ['PPD', 'CCD', 'CTX', 'WEB', 'TEL', 'COR'] as const
export type EntryClass = (typeof ENTRY_CLASSES)[number]

/** A record that belongs to an entry: what a payment is for (05), why it came back (99), what is to be corrected (98). Dates as "2026-11-25". */
export type Addendum =
  | Readonly<{ kind: 'payment'; text: string }>
  | Readonly<{ kind: 'return'; code: string; originalTrace: string; originalRdfi: string; diedOn: string; text: string }>
  | Readonly<{ kind: 'change'; code: string; originalTrace: string; originalRdfi: string; corrected: string }>

/**
 * One payment. `code`: whose account and which way, such as 22 for a credit to a checking account. `routing` has nine digits. `id` and `name` are the
 * receiver's. `trace`: the eight digits of the sending bank and a number that grows within the batch.
 */
export type Entry = Readonly<{
  code: string
  routing: string
  account: string
  cents: bigint
  id: string
  name: string
  discretionary: string
  trace: string
  addenda: readonly Addendum[]
}>

/** Entries of one company, class and day. `odfi`: the eight digits of the sending bank. `settledOn`: the day of the year, which the operator fills in. */
export type Batch = Readonly<{
  entryClass: EntryClass
  companyName: string
  companyData: string
  companyId: string
  description: string
  descriptiveDate: string
  effectiveOn: string
  settledOn: string
  odfi: string
  number: number
  entries: readonly Entry[]
}>

/** `destination` and `origin`: ten characters, of which a routing number leaves the first blank. `createdAt`: the bank's wall clock, "2026-11-25T09:30". */
export type NachaFile = Readonly<{
  destination: string
  origin: string
  createdAt: string
  modifier: string
  destinationName: string
  originName: string
  reference: string
  batches: readonly Batch[]
}>

/** What a batch or a file adds up to. `hash`: the first eight digits of all routing numbers, summed, its last ten digits. `records`: entries and addenda. */
export type Totals = Readonly<{ records: number; hash: bigint; debits: bigint; credits: bigint }>

export const NO_TOTALS: Totals = { records: 0, hash: 0n, debits: 0n, credits: 0n }
/** Ten digits: what is above them is left out (Nacha: overflow is dropped on the left). */
const HASH_END = 10_000_000_000n

/** Of a code's second digit 0 to 4 is a credit, 5 to 9 a debit. */
export function isDebit(code: string): boolean {
  return code.charAt(1) >= '5'
}

export function addTotals(a: Totals, b: Totals): Totals {
  return {
    records: a.records + b.records,
    hash: (a.hash + b.hash) % HASH_END,
    debits: a.debits + b.debits,
    credits: a.credits + b.credits,
  }
}

/** What one entry adds to its batch. */
export function totalsOf({ code, routing, cents, addenda }: Entry): Totals {
  const debit = isDebit(code)
  return {
    records: 1 + addenda.length,
    hash: BigInt(routing.slice(0, 8)),
    debits: debit ? cents : 0n,
    credits: debit ? 0n : cents,
  }
}

/** 200 for credits and debits together, 220 for credits alone, 225 for debits alone. */
export function serviceClassOf(entries: readonly Entry[]): '200' | '220' | '225' {
  const debits = entries.filter(({ code }) => isDebit(code)).length
  if (debits === 0) return '220'
  return debits === entries.length ? '225' : '200'
}
