import type { BankFile, BookedEntry, EntryList, FileReader } from '../files/bankFile.ts'
import { BankFileRefused } from '../files/bankFileRefused.ts'
import { readResolution } from './camt029.ts'
import { type CamtKind, openCamtReports, type ReadOptions } from './camtReports.ts'
import { readReturns } from './pacs004.ts'
import { readStatuses } from './paymentStatus.ts'
import { shaped, timeOf } from './shaped.ts'
import { statusReportShape } from './wire.ts'
import { openXmlReader, type TakenElement } from './xmlReader.ts'

const NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.[0-9]{3})\.001\.([0-9]{2})$/
const VERSION_MIN = 2
const VERSION_MAX = 10
const STATUS_VERSIONS = [3, 14] as const
const RESOLUTION_VERSIONS = [3, 12] as const
const RETURN_VERSIONS = [2, 12] as const

/** An account report of the day is read as a notification: what it lists as booked is. */
const CAMT: Readonly<Record<string, CamtKind>> = {
  'camt.052': { kind: 'notification', message: 'BkToCstmrAcctRpt', report: 'Rpt' },
  'camt.053': { kind: 'statement', message: 'BkToCstmrStmt', report: 'Stmt' },
  'camt.054': { kind: 'notification', message: 'BkToCstmrDbtCdtNtfctn', report: 'Ntfctn' },
}

/** What reads one message: the elements that it takes by the way, and what is left at the end. */
type Message = Readonly<{ paths: ReadonlySet<string>; take: (element: TakenElement) => void; end: (content: unknown) => BankFile }>

function readStatusReport(content: unknown): BankFile {
  const report = shaped(statusReportShape, content)
  const { GrpHdr, OrgnlGrpInfAndSts } = report.CstmrPmtStsRpt
  return { kind: 'status', at: timeOf(GrpHdr.CreDtTm), messageId: OrgnlGrpInfAndSts.OrgnlMsgId, statuses: readStatuses(report) }
}

/** What makes sense as a whole, by what reads it and its versions. */
const WHOLE: Readonly<
  Record<string, Readonly<{ versions: readonly [number, number]; read: (content: unknown, options: ReadOptions) => BankFile }>>
> = {
  'pain.002': { versions: STATUS_VERSIONS, read: readStatusReport },
  'camt.029': { versions: RESOLUTION_VERSIONS, read: readResolution },
  'pacs.004': { versions: RETURN_VERSIONS, read: (content, { asset }) => readReturns(content, asset) },
}

function messageOf(namespace: string, options: ReadOptions): Message {
  const [, name = '', number = ''] = NAMESPACE.exec(namespace) ?? []
  const version = Number.parseInt(number, 10)
  const camt = CAMT[name]
  if (camt && version >= VERSION_MIN && version <= VERSION_MAX) return openCamtReports(camt, options)
  const whole = WHOLE[name]
  if (whole && version >= whole.versions[0] && version <= whole.versions[1])
    return { paths: new Set(), take: () => undefined, end: (content) => whole.read(content, options) }
  throw new BankFileRefused(
    `message "${namespace.slice(0, 80)}" is not camt.052, camt.053 or camt.054 (versions 2 to 10), pain.002 (3 to 14), camt.029 (3 to 12) or pacs.004 (2 to 12)`,
  )
}

/** Reads a bank's file of ISO 20022 piece by piece, or refuses it as a unit with a reason that names line and element. */
export function openFileReader(options: ReadOptions): FileReader {
  let message: Message | undefined
  const reader = openXmlReader({
    message(namespace) {
      message = messageOf(namespace, options)
      return message.paths
    },
    take: (element) => message?.take(element),
  })
  return {
    write: reader.write,
    end() {
      const { content } = reader.end()
      if (!message) throw new BankFileRefused('the file is empty')
      return message.end(content)
    },
  }
}

/** A list in memory, for what is small. */
function inMemory(): EntryList {
  const list: BookedEntry[] = []
  return { add: (entry) => list.push(entry), [Symbol.iterator]: () => list[Symbol.iterator]() }
}

/** Reads a file of ISO 20022 that is there as a whole. */
export function readBankFile(bytes: Uint8Array, options: Omit<ReadOptions, 'keep'>): BankFile {
  const reader = openFileReader({ ...options, keep: inMemory })
  reader.write(bytes)
  return reader.end()
}
