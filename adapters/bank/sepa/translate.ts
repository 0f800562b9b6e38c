import type { ZodType } from 'zod'
import type { Asset } from '../../../gateway/money/asset.ts'
import type { BankFile, DayStatement } from '../files/bankFile.ts'
import { BankFileRefused } from '../files/bankFileRefused.ts'
import { dateOf, readEntries } from './camtEntry.ts'
import { readCents } from './cents.ts'
import { readStatuses } from './paymentStatus.ts'
import { notificationShape, statementShape, statusReportShape, type WireBalance } from './wire.ts'
import { readXmlDocument } from './xmlDocument.ts'

type ReadOptions = Readonly<{ iban: string; asset: Asset }>

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:'
const OFFSET = /(Z|[+-][0-9]{2}:[0-9]{2})$/

/** A time without an offset is taken as UTC: the date, which is what counts, is the same. */
function timeOf(dateTime: string): number {
  const at = Date.parse(OFFSET.test(dateTime) ? dateTime : `${dateTime}Z`)
  if (Number.isNaN(at)) throw new BankFileRefused(`"${dateTime}" is not a time`)
  return at
}

function shaped<T>(shape: ZodType<T>, content: unknown): T {
  const parsed = shape.safeParse(content)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new BankFileRefused(`${issue?.path.join('.') ?? 'Document'}: ${issue?.message ?? 'not of the expected form'}`)
}

function checkAccount(iban: string, options: ReadOptions): void {
  if (iban.replace(/\s+/g, '').toUpperCase() !== options.iban) throw new BankFileRefused(`account ${iban} is not ${options.iban}`)
}

function readNotification(content: unknown, options: ReadOptions): BankFile {
  const { GrpHdr, Ntfctn } = shaped(notificationShape, content).BkToCstmrDbtCdtNtfctn
  for (const one of Ntfctn) checkAccount(one.Acct.Id.IBAN, options)
  const wires = Ntfctn.flatMap((one) => one.Ntry ?? [])
  return { kind: 'notification', at: timeOf(GrpHdr.CreDtTm), entries: readEntries(wires, options.asset, GrpHdr.CreDtTm.slice(0, 10)) }
}

function balanceOf(balances: readonly WireBalance[], codes: readonly string[], asset: Asset): { units: bigint; on: string } {
  const wire = balances.find((b) => codes.includes(b.Tp.CdOrPrtry.Cd ?? ''))
  const on = dateOf(wire?.Dt)
  if (!wire || !on) throw new BankFileRefused(`the statement has no balance ${codes.join(' or ')} with a date`)
  const units = readCents(wire.Amt, asset, { zero: true })
  return { units: wire.CdtDbtInd === 'DBIT' ? -units : units, on }
}

function readStatement(content: unknown, options: ReadOptions): BankFile {
  const { GrpHdr, Stmt } = shaped(statementShape, content).BkToCstmrStmt
  const at = timeOf(GrpHdr.CreDtTm)
  const statements = Stmt.map((one): DayStatement => {
    checkAccount(one.Acct.Id.IBAN, options)
    if (one.StmtPgntn && !(one.StmtPgntn.PgNb === '1' && ['true', '1'].includes(one.StmtPgntn.LastPgInd))) {
      throw new BankFileRefused('a statement in several pages is not read; ask the bank for one page')
    }
    const opening = balanceOf(one.Bal, ['OPBD', 'PRCD'], options.asset)
    const closing = balanceOf(one.Bal, ['CLBD'], options.asset)
    const entries = readEntries(one.Ntry ?? [], options.asset, closing.on)
    const sum = entries.reduce((total, e) => total + (e.side === 'credit' ? e.units : -e.units), opening.units)
    if (sum !== closing.units) throw new BankFileRefused('opening balance and entries do not give the closing balance')
    return { id: one.Id, at, opening: opening.units, closing: closing.units, closingOn: closing.on, entries }
  })
  if (statements.length === 0) throw new BankFileRefused('the file holds no statement')
  return { kind: 'statement', at, statements }
}

function readStatusReport(content: unknown): BankFile {
  const report = shaped(statusReportShape, content)
  const { GrpHdr, OrgnlGrpInfAndSts } = report.CstmrPmtStsRpt
  return { kind: 'status', at: timeOf(GrpHdr.CreDtTm), messageId: OrgnlGrpInfAndSts.OrgnlMsgId, statuses: readStatuses(report) }
}

/** Reads the bytes of a bank's file, or refuses them as a unit with a reason. */
export function readBankFile(bytes: Uint8Array, options: ReadOptions): BankFile {
  const { namespace, content } = readXmlDocument(bytes)
  switch (namespace) {
    case `${NAMESPACE}camt.054.001.08`:
      return readNotification(content, options)
    case `${NAMESPACE}camt.053.001.08`:
      return readStatement(content, options)
    case `${NAMESPACE}pain.002.001.10`:
      return readStatusReport(content)
    default:
      throw new BankFileRefused(`message "${namespace.slice(0, 80)}" is not camt.054.001.08, camt.053.001.08 or pain.002.001.10`)
  }
}
