import type { Asset } from '../../../gateway/money/asset.ts'
import type { BankFile, DayStatement, EntryList } from '../files/bankFile.ts'
import { BankFileRefused } from '../files/bankFileRefused.ts'
import { dateOf, entryAmount, readEntry } from './camtEntry.ts'
import { readCents } from './cents.ts'
import { shaped, timeOf } from './shaped.ts'
import { camtHeaderShape, entryShape, reportShape, type WireBalance, type WireReport } from './wire.ts'
import type { TakenElement } from './xmlReader.ts'

/** Our account at the bank; `keep`: makes a list that holds what is read. */
export type ReadOptions = Readonly<{ iban: string; asset: Asset; keep: () => EntryList }>

/** How a message about an account is named: itself, and the element of each account in it. */
export type CamtKind = Readonly<{ kind: 'statement' | 'notification'; message: string; report: string }>

const ENTRIES_MAX = 1_000_000
const isYes = (indicator: string) => indicator === 'true' || indicator === '1'

type Sums = { count: bigint; units: bigint }
type OpenReport = Readonly<{
  around: unknown
  wire: WireReport
  at: number
  dayOfReport: string
  entries: EntryList
  seen: Map<string, number>
  /** Of all entries, booked or not: what the report's own summary counts. */
  credits: Sums
  debits: Sums
}> & { booked: bigint }

/** Runs what reads an element, and names its line in the refusal. */
function atLine<T>({ line, path }: TakenElement, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof BankFileRefused)) throw error
    throw new BankFileRefused(`line ${line}, ${path.split('/').at(-1)}: ${error.reason}`)
  }
}

function checkPages({ StmtPgntn, RptPgntn, NtfctnPgntn }: WireReport, inHeader: WireReport['StmtPgntn']): void {
  for (const paging of [StmtPgntn, RptPgntn, NtfctnPgntn, inHeader]) {
    if (paging && !(paging.PgNb === '1' && isYes(paging.LastPgInd)))
      throw new BankFileRefused('a report in several pages is not read; ask the bank for one page')
  }
}

function balanceOf(balances: readonly WireBalance[], codes: readonly string[], asset: Asset): { units: bigint; on: string } {
  const wire = balances.find((b) => codes.includes(b.Tp.CdOrPrtry.Cd ?? ''))
  const on = dateOf(wire?.Dt)
  if (!wire || !on) throw new BankFileRefused(`Bal: the statement has no balance ${codes.join(' or ')} with a date`)
  const units = readCents(wire.Amt, asset, { zero: true })
  return { units: wire.CdtDbtInd === 'DBIT' ? -units : units, on }
}

type Said = Readonly<{ NbOfNtries?: string | undefined; Sum?: string | undefined }>

function checkSums(said: Said | undefined, held: Sums, { element, asset }: Readonly<{ element: string; asset: Asset }>): void {
  if (said?.NbOfNtries !== undefined && BigInt(said.NbOfNtries) !== held.count)
    throw new BankFileRefused(`TxsSummry/${element}/NbOfNtries says ${said.NbOfNtries}, there are ${held.count}`)
  if (said?.Sum === undefined) return
  const sum = readCents({ '#text': said.Sum, '@Ccy': asset.code }, asset, { zero: true })
  if (sum !== held.units) throw new BankFileRefused(`TxsSummry/${element}/Sum says ${said.Sum}, the entries sum to ${held.units} units`)
}

function checkSummary({ wire, credits, debits }: OpenReport, asset: Asset): void {
  const { TtlNtries, TtlCdtNtries, TtlDbtNtries } = wire.TxsSummry ?? {}
  const all = { count: credits.count + debits.count, units: credits.units + debits.units }
  checkSums(TtlNtries, all, { element: 'TtlNtries', asset })
  checkSums(TtlCdtNtries, credits, { element: 'TtlCdtNtries', asset })
  checkSums(TtlDbtNtries, debits, { element: 'TtlDbtNtries', asset })
}

function statementOf({ wire, booked, entries, at }: OpenReport, asset: Asset): DayStatement {
  const opening = balanceOf(wire.Bal ?? [], ['OPBD', 'PRCD'], asset)
  const closing = balanceOf(wire.Bal ?? [], ['CLBD'], asset)
  if (opening.units + booked !== closing.units) {
    const sum = `opening balance and entries give ${opening.units + booked} units, the closing balance is ${closing.units}`
    throw new BankFileRefused(`Bal: ${sum}`)
  }
  return { id: wire.Id, at, opening: opening.units, closing: closing.units, closingOn: closing.on, entries }
}

/** Reads the reports of one message as its elements come: each entry is put into its list at once, and what does not add up refuses the file. */
export function openCamtReports({ kind, message, report }: CamtKind, options: ReadOptions) {
  const { asset, iban } = options
  const statements: DayStatement[] = []
  const notified = options.keep()
  let open: OpenReport | undefined
  let at: number | undefined
  let count = 0

  function begin(around: unknown, header: unknown): OpenReport {
    const head = shaped(camtHeaderShape, header, 'GrpHdr')
    const wire = shaped(reportShape, around, report)
    const { IBAN } = wire.Acct.Id
    if (IBAN.replace(/\s+/g, '').toUpperCase() !== iban) throw new BankFileRefused(`account ${IBAN} is not ${iban}`)
    if (wire.Acct.Ccy !== undefined && wire.Acct.Ccy !== asset.code)
      throw new BankFileRefused(`Acct/Ccy ${wire.Acct.Ccy} is not ${asset.code}`)
    checkPages(wire, head.MsgPgntn)
    at = timeOf(head.CreDtTm)
    return {
      around,
      wire,
      at,
      dayOfReport: kind === 'statement' ? balanceOf(wire.Bal ?? [], ['CLBD'], asset).on : head.CreDtTm.slice(0, 10),
      entries: kind === 'statement' ? options.keep() : notified,
      seen: new Map(),
      credits: { count: 0n, units: 0n },
      debits: { count: 0n, units: 0n },
      booked: 0n,
    }
  }

  function takeEntry(content: unknown, into: OpenReport): void {
    const wire = shaped(entryShape, content)
    if (++count > ENTRIES_MAX) throw new BankFileRefused(`the file has more than ${ENTRIES_MAX} entries`)
    const sums = wire.CdtDbtInd === 'CRDT' ? into.credits : into.debits
    sums.count += 1n
    sums.units += entryAmount(wire, asset)
    const entry = readEntry(wire, { asset, dayOfReport: into.dayOfReport, seen: into.seen })
    if (!entry) return
    into.booked += entry.side === 'credit' ? entry.units : -entry.units
    into.entries.add(entry)
  }

  return {
    paths: new Set([`${message}/${report}/Ntry`, `${message}/${report}`]),
    take(element: TakenElement): void {
      const { content, around, path } = element
      const header = around[1]?.GrpHdr
      atLine(element, () => {
        if (path.endsWith('/Ntry')) {
          const within = around[2]
          if (open?.around !== within) open = begin(within, header)
          if (open) takeEntry(content, open)
          return
        }
        // One without entries has not begun yet.
        const done = open?.around === content && open ? open : begin(content, header)
        checkSummary(done, asset)
        if (kind === 'statement') statements.push(statementOf(done, asset))
        open = undefined
      })
    },
    end(content: unknown): BankFile {
      if (at === undefined) {
        const named = content !== null && typeof content === 'object' && message in content
        throw new BankFileRefused(named ? `the file holds no ${report}` : `${message} is not in the Document`)
      }
      return kind === 'statement' ? { kind, at, statements } : { kind, at, entries: notified }
    },
  }
}
