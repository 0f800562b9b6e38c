import { XMLBuilder } from 'fast-xml-parser'
import { centsMoved, centsOf, centsText, exactWords, type FiatFile, nameOf } from './fiatFile.ts'
import { lastDay, type Movement } from './statement.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
const ISSUER = 'Switchyard'
const [ID_MAX, NAME_MAX, OWNER_MAX, REMITTANCE_MAX, INFO_MAX] = [35, 70, 140, 140, 500]
const NS_PER_MS = 1_000_000n
/** What XML 1.0 (section 2.2) has no way to write. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', processEntities: true, suppressEmptyNode: true })

/** The statement as camt.053.001.08 (ISO 20022): one account, its two balances and its entries, in cents. */
export function* camt053(file: FiatFile): Generator<string> {
  const { statement, of, madeAt } = file
  const made = new Date(madeAt).toISOString()
  yield `${HEAD}${builder.build({ GrpHdr: { MsgId: nameOf(file), CreDtTm: made } })}<Stmt>`
  yield builder.build({
    Id: nameOf(file),
    CreDtTm: made,
    FrToDt: { FrDtTm: timeOf(statement.period.start), ToDtTm: timeOf(statement.until - 1n) },
    Acct: accountOf(file),
    Bal: [
      balance('OPBD', { cents: centsOf(of.opening, of.asset), day: statement.period.from, currency: of.asset.code }),
      balance(statement.isPreliminary ? 'ITBD' : 'CLBD', {
        cents: centsOf(of.closing, of.asset),
        day: lastDay(statement),
        currency: of.asset.code,
      }),
    ],
  })
  for (const page of statement.pages(of)) yield page.map((movement) => builder.build({ Ntry: entryOf(movement) })).join('\n')
  if (statement.isPreliminary)
    yield builder.build({ AddtlStmtInf: 'Preliminary: the period has not ended, or the day is still being written.' })
  yield '</Stmt></BkToCstmrStmt></Document>\n'
}

function accountOf({ of, owner }: FiatFile) {
  // `pa_` and 32 digits are one more than fit: the digits alone.
  const id = owner.id.slice(owner.id.indexOf('_') + 1)
  return { Id: { Othr: { Id: id } }, Ccy: of.asset.code, Nm: words(owner.name, NAME_MAX), Ownr: { Nm: words(owner.name, OWNER_MAX) } }
}

function balance(code: string, { cents, day, currency }: Readonly<{ cents: bigint; day: string; currency: string }>) {
  return { Tp: { CdOrPrtry: { Cd: code } }, Amt: amount(cents, currency), CdtDbtInd: sideOf(cents), Dt: { Dt: day } }
}

function entryOf(movement: Movement) {
  const { at, day, asset, units, kind, entry, of, reference, description } = movement
  const cents = centsMoved(movement)
  const text = words([reference, description].filter(Boolean).join(' '), REMITTANCE_MAX)
  return {
    NtryRef: entry,
    Amt: amount(cents, asset.code),
    CdtDbtInd: units < 0n ? 'DBIT' : 'CRDT',
    Sts: { Cd: 'BOOK' },
    BookgDt: { DtTm: timeOf(at) },
    ValDt: { Dt: day },
    AcctSvcrRef: entry,
    BkTxCd: { Domn: domainOf(movement), Prtry: { Cd: kind, Issr: ISSUER } },
    NtryDtls: { TxDtls: { Refs: { AcctSvcrRef: entry, TxId: words(of, ID_MAX) }, ...(text === '' ? {} : { RmtInf: { Ustrd: text } }) } },
    ...infoOf(movement),
  }
}

/** What the codes and the cents do not say. */
function infoOf(movement: Movement): Readonly<{ AddtlNtryInf?: string }> {
  const exact = exactWords(movement)
  return exact === '' ? {} : { AddtlNtryInf: words(exact, INFO_MAX) }
}

/** Bank transaction codes of ISO 20022: charges, else a transfer that came or went. */
function domainOf({ kind, units }: Movement) {
  const family = kind === 'fee' && units < 0n ? { Cd: 'MDOP', SubFmlyCd: 'CHRG' } : { Cd: units < 0n ? 'ICDT' : 'RCDT', SubFmlyCd: 'OTHR' }
  return { Cd: 'PMNT', Fmly: family }
}

function amount(cents: bigint, currency: string) {
  return { '#text': centsText(cents), '@Ccy': currency }
}

function sideOf(cents: bigint): 'CRDT' | 'DBIT' {
  return cents < 0n ? 'DBIT' : 'CRDT'
}

function timeOf(ns: bigint): string {
  return new Date(Number(ns / NS_PER_MS)).toISOString() // not money: a time
}

/** At most so many characters, none cut in two, and none that XML cannot write. */
function words(text: string, most: number): string {
  return [...text.toWellFormed().replaceAll(NOT_XML, ' ').trim()].slice(0, most).join('')
}
