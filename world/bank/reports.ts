import { writeEuros } from './euroCents.ts'
import type { Order, Refusal } from './orders.ts'

/** One booking on the account, as the bank reports it. `code`: family and sub-family of the bank transaction code (domain PMNT). */
export type Booking = Readonly<{
  reference: string
  credit: boolean
  cents: bigint
  date: string
  code: readonly [family: string, subFamily: string]
  endToEndId?: string
  /** What the banks call it between them. */
  transactionId?: string
  payer?: Readonly<{ name: string; iban: string }>
  payee?: Readonly<{ name: string; iban: string }>
  text?: string
  creditorReference?: string
  returnCode?: string
}>

export type Head = Readonly<{ id: string; createdAt: string }>

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:'
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeXml = (text: string) => text.replace(/[&<>"]/g, (character) => escapes[character]!)

/** An element with ready content; nothing when there is no content. */
function tag(name: string, ...content: (string | undefined)[]): string {
  const inside = content.filter((part) => part !== undefined).join('')
  return inside === '' ? '' : `<${name}>${inside}</${name}>`
}
const leaf = (name: string, text: string | undefined) => (text === undefined ? '' : `<${name}>${escapeXml(text)}</${name}>`)
const money = (name: string, cents: bigint) => `<${name} Ccy="EUR">${writeEuros(cents < 0n ? -cents : cents)}</${name}>`
const side = (credit: boolean) => leaf('CdtDbtInd', credit ? 'CRDT' : 'DBIT')

function document(message: string, body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${NAMESPACE}${message}">${body}</Document>\n`
}

function reasonXml(refusal: Refusal): string {
  return tag('StsRsnInf', tag('Rsn', leaf('Cd', refusal.code)), leaf('AddtlInf', refusal.text.slice(0, 105)))
}

/** A pain.002.001.10 that refuses a whole file. */
export function fileRefused(head: Head, messageId: string, refusal: Refusal): string {
  const group = tag(
    'OrgnlGrpInfAndSts',
    leaf('OrgnlMsgId', messageId),
    leaf('OrgnlMsgNmId', 'pain.001.001.09'),
    leaf('GrpSts', 'RJCT'),
    reasonXml(refusal),
  )
  return document('pain.002.001.10', tag('CstmrPmtStsRpt', tag('GrpHdr', leaf('MsgId', head.id), leaf('CreDtTm', head.createdAt)), group))
}

/** How an order stands: ACSP (taken), ACSC (executed) or, with a refusal, RJCT. */
export type OrderStatus = Readonly<{ order: Order; status: 'ACSP' | 'ACSC' | Refusal }>

/** A pain.002.001.10 about orders of one file, each by itself. */
export function orderStatuses(head: Head, statuses: readonly OrderStatus[]): string {
  const instructions = Map.groupBy(statuses, ({ order }) => order.instructionId)
  return document(
    'pain.002.001.10',
    tag(
      'CstmrPmtStsRpt',
      tag('GrpHdr', leaf('MsgId', head.id), leaf('CreDtTm', head.createdAt)),
      tag('OrgnlGrpInfAndSts', leaf('OrgnlMsgId', statuses[0]?.order.messageId), leaf('OrgnlMsgNmId', 'pain.001.001.09')),
      ...[...instructions].map(([id, of]) => tag('OrgnlPmtInfAndSts', leaf('OrgnlPmtInfId', id), ...of.map(statusXml))),
    ),
  )
}

function statusXml({ order, status }: OrderStatus): string {
  const code = typeof status === 'string' ? status : 'RJCT'
  const reason = typeof status === 'string' ? undefined : reasonXml(status)
  return tag('TxInfAndSts', leaf('OrgnlEndToEndId', order.endToEndId), leaf('TxSts', code), reason)
}

function partyXml(role: 'Dbtr' | 'Cdtr', party: { name: string; iban: string } | undefined): string {
  if (!party) return ''
  return tag(role, tag('Pty', leaf('Nm', party.name))) + tag(`${role}Acct`, tag('Id', leaf('IBAN', party.iban)))
}

function entryXml(booking: Booking): string {
  const [family, subFamily] = booking.code
  const structured = booking.creditorReference
    ? tag('Strd', tag('CdtrRefInf', tag('Tp', tag('CdOrPrtry', leaf('Cd', 'SCOR'))), leaf('Ref', booking.creditorReference)))
    : undefined
  const details = tag(
    'TxDtls',
    tag('Refs', leaf('AcctSvcrRef', booking.reference), leaf('EndToEndId', booking.endToEndId), leaf('TxId', booking.transactionId)),
    money('Amt', booking.cents),
    side(booking.credit),
    tag('RltdPties', partyXml('Dbtr', booking.payer), partyXml('Cdtr', booking.payee)),
    tag('RmtInf', leaf('Ustrd', booking.text), structured),
    booking.returnCode ? tag('RtrInf', tag('Rsn', leaf('Cd', booking.returnCode))) : undefined,
  )
  return tag(
    'Ntry',
    money('Amt', booking.cents),
    side(booking.credit),
    tag('Sts', leaf('Cd', 'BOOK')),
    tag('BookgDt', leaf('Dt', booking.date)),
    tag('ValDt', leaf('Dt', booking.date)),
    leaf('AcctSvcrRef', booking.reference),
    tag('BkTxCd', tag('Domn', leaf('Cd', 'PMNT'), tag('Fmly', leaf('Cd', family), leaf('SubFmlyCd', subFamily)))),
    tag('NtryDtls', details),
  )
}

/** The same report with amounts in dollars, which the account has not. */
export function inOtherCurrency(report: string): string {
  return report.replaceAll('Ccy="EUR"', 'Ccy="USD"')
}

/** A camt.054.001.08 with what was booked since the last one. */
export function notification(head: Head, iban: string, bookings: readonly Booking[]): string {
  const one = tag(
    'Ntfctn',
    leaf('Id', head.id),
    leaf('CreDtTm', head.createdAt),
    tag('Acct', tag('Id', leaf('IBAN', iban))),
    ...bookings.map(entryXml),
  )
  return document(
    'camt.054.001.08',
    tag('BkToCstmrDbtCdtNtfctn', tag('GrpHdr', leaf('MsgId', head.id), leaf('CreDtTm', head.createdAt)), one),
  )
}

function balanceXml(code: string, cents: bigint, date: string): string {
  return tag('Bal', tag('Tp', tag('CdOrPrtry', leaf('Cd', code))), money('Amt', cents), side(cents >= 0n), tag('Dt', leaf('Dt', date)))
}

export type Day = Readonly<{ date: string; opening: bigint; closing: bigint; bookings: readonly Booking[] }>

/** A camt.053.001.08, the statement of a day. */
export function statement(head: Head, iban: string, day: Day): string {
  const one = tag(
    'Stmt',
    leaf('Id', head.id),
    leaf('CreDtTm', head.createdAt),
    tag('Acct', tag('Id', leaf('IBAN', iban))),
    balanceXml('OPBD', day.opening, day.date),
    balanceXml('CLBD', day.closing, day.date),
    ...day.bookings.map(entryXml),
  )
  return document('camt.053.001.08', tag('BkToCstmrStmt', tag('GrpHdr', leaf('MsgId', head.id), leaf('CreDtTm', head.createdAt)), one))
}

/** What is answered to a recall: RJCR with a code, PDCR while it is looked into, or CNCL where the order was not executed yet. */
export type RecallStatus = Readonly<{ status: 'RJCR' | 'PDCR' | 'CNCL'; code?: string; text?: string }>

/** A camt.029.001.09 to one question, which it names as the question did. */
export function recallAnswer(head: Head, recall: Readonly<{ caseId: string; endToEndId: string }>, said: RecallStatus): string {
  const agent = (role: string) => tag(role, tag('Agt', tag('FinInstnId', tag('Othr', leaf('Id', 'NOTPROVIDED')))))
  const owner = tag('RslvdCase', leaf('Id', recall.caseId), agent('Cretr'))
  const reason = said.code ? tag('CxlStsRsnInf', tag('Rsn', leaf('Cd', said.code)), leaf('AddtlInf', said.text)) : undefined
  const status = said.status === 'CNCL' ? 'ACCR' : said.status
  return document(
    'camt.029.001.09',
    tag(
      'RsltnOfInvstgtn',
      tag('Assgnmt', leaf('Id', head.id), agent('Assgnr'), agent('Assgne'), leaf('CreDtTm', head.createdAt)),
      owner,
      tag('Sts', leaf('Conf', said.status)),
      tag(
        'CxlDtls',
        tag('TxInfAndSts', leaf('CxlStsId', head.id), owner, leaf('OrgnlEndToEndId', recall.endToEndId), leaf('TxCxlSts', status), reason),
      ),
    ),
  )
}
