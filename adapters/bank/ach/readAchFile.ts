import { createHash } from 'node:crypto'
import type { Asset } from '../../../gateway/money/asset.ts'
import type { BankFile, BookedEntry, BookedPart, Notice } from '../files/bankFile.ts'
import { BankFileRefused } from '../files/bankFileRefused.ts'
import type { BankStore } from '../files/store.ts'
import { correctionOf } from '../nacha/changeCodes.ts'
import type { Addendum, NachaFile } from '../nacha/fileParts.ts'
import { readNacha } from '../nacha/readNacha.ts'
import { readBankFile } from '../sepa/translate.ts'
import { batchOf, type OwnUsAccount } from './achFile.ts'
import { type Bai2Account, type Bai2Entry, readBai2 } from './bai2.ts'

type Reading = Readonly<{ own: OwnUsAccount; asset: Asset; store: BankStore }>

/** BAI2 types: 257 an ACH item that came back, 168 several; 661 and 698 what the bank charges; 466 and 451 the debit of what we sent. */
const RETURNED = new Set(['168', '257'])
const CHARGES = new Set(['661', '698'])
const SETTLED = new Set(['451', '466'])
const CENT_UNITS = 10_000n
const TEXT_MAX = 140
/** A return's code, where a bank repeats it in the text of the booking. */
const CODE_IN_TEXT = /\bR[0-9]{2}\b/

const unitsOf = (cents: bigint) => cents * CENT_UNITS

function noticeOf(id: string, addendum: Addendum): Notice | undefined {
  if (addendum.kind === 'return') return { kind: 'returned', endToEndId: id, code: addendum.code, detail: addendum.text.trim() }
  if (addendum.kind !== 'change') return undefined
  const correction = correctionOf(addendum.code, addendum.corrected.padEnd(29))
  return {
    kind: 'changed',
    endToEndId: id,
    code: addendum.code,
    detail: addendum.corrected,
    correction: correction && JSON.stringify(correction),
  }
}

/** What other banks say of entries of ours: returns and notifications of change. They move nothing: the bookings are in the statement. */
function readNotices({ batches, createdAt }: NachaFile): BankFile {
  const entries = batches.flatMap((batch) => batch.entries)
  const notices = entries.flatMap(({ id, addenda }) => addenda.flatMap((addendum) => noticeOf(id.trim(), addendum) ?? []))
  if (notices.length === 0) throw new BankFileRefused('the file holds neither a return nor a notification of change')
  return { kind: 'notices', at: Date.parse(`${createdAt.slice(0, 10)}T00:00:00Z`), notices }
}

/** The payments of a batch of ours when they sum to its debit; else one part of its file, or under the name that the bank repeats of no file of ours. */
function settledParts(entry: Bai2Entry, { store }: Reading): readonly BookedPart[] {
  const units = unitsOf(entry.cents)
  const plain = { charge: false, returned: false, text: entry.text.slice(0, TEXT_MAX) }
  const payments = batchOf(entry.customerReference, store)?.filter(({ state }) => state !== 'rejected')
  if (payments && payments.reduce((sum, one) => sum + one.units, 0n) === units) {
    return payments.map((one) => ({ ...plain, units: one.units, endToEndId: one.endToEndId }))
  }
  const file = payments && store.fileByReference(entry.customerReference.split('-')[0]!)
  return [{ ...plain, units, ...(file === undefined ? { endToEndId: entry.customerReference } : { batch: file }) }]
}

function partsOf(entry: Bai2Entry, reading: Reading): readonly BookedPart[] {
  if (SETTLED.has(entry.type)) return settledParts(entry, reading)
  const { type, text, customerReference: id } = entry
  const returned = RETURNED.has(type)
  const reason = returned ? (reading.store.paymentByEndToEndId(id)?.code ?? CODE_IN_TEXT.exec(text)?.[0]) : undefined
  const common = { units: unitsOf(entry.cents), charge: CHARGES.has(type), returned, text: text.slice(0, TEXT_MAX) }
  return [{ ...common, ...(id === '' ? {} : { endToEndId: id }), ...(reason ? { reason } : {}) }]
}

/** What names an entry in every report: the bank's own reference, else a hash of what stays the same. */
function keyOf({ type, cents, bankReference, customerReference, text }: Bai2Entry, asOf: string): string {
  const side = type < '400' ? 'CRDT' : 'DBIT'
  if (bankReference !== '') return `${bankReference}/${side}/${unitsOf(cents)}`
  return createHash('sha256').update([asOf, type, cents, customerReference, text].join('\n')).digest('hex').slice(0, 32)
}

/** Entries without money, and those of what is none of the ledger, are left out. */
function entriesOf({ entries, asOf }: Bai2Account, reading: Reading): BookedEntry[] {
  const seen = new Map<string, number>()
  return entries
    .filter(({ cents, type }) => cents > 0n && type < '700')
    .map((entry) => {
      const key = keyOf(entry, asOf)
      const count = (seen.get(key) ?? 0) + 1
      seen.set(key, count)
      const side = entry.type < '400' ? ('credit' as const) : ('debit' as const)
      const units = unitsOf(entry.cents)
      return { key: count === 1 ? key : `${key}#${count}`, side, units, bookedOn: asOf, parts: partsOf(entry, reading) }
    })
}

function accountStatement(one: Bai2Account, at: number, reading: Reading) {
  const { account, asOf, opening, closing } = one
  if (opening === undefined || closing === undefined) {
    throw new BankFileRefused(`account ${account} of ${asOf} has no opening (010) and closing (015) ledger balance`)
  }
  const entries = entriesOf(one, reading)
  const sum = entries.reduce((total, e) => total + (e.side === 'credit' ? e.units : -e.units), unitsOf(opening))
  if (sum !== unitsOf(closing)) throw new BankFileRefused('opening balance and entries do not give the closing balance')
  return { id: `${account}-${asOf}`, at, opening: unitsOf(opening), closing: unitsOf(closing), closingOn: asOf, entries }
}

/** Balances and bookings of our account. What a bank tells during the day is a notification, and its last word on a day a statement. */
function readStatement(content: string, reading: Reading): BankFile {
  const { own, asset } = reading
  const { createdAt, accounts } = readBai2(content)
  const at = Date.parse(`${createdAt}Z`)
  for (const { account, currency } of accounts) {
    if (account !== own.account) throw new BankFileRefused(`account ${account} is not ${own.account}`)
    if (currency !== asset.code) throw new BankFileRefused(`currency ${currency} is not ${asset.code}`)
  }
  const [first] = accounts
  if (!first) throw new BankFileRefused('the file holds no account')
  if (accounts.some(({ interim }) => interim !== first.interim))
    throw new BankFileRefused('the file mixes a day that is over with one that is not')
  if (first.interim) return { kind: 'notification', at, entries: accounts.flatMap((one) => entriesOf(one, reading)) }
  return { kind: 'statement', at, statements: accounts.map((one) => accountStatement(one, at, reading)) }
}

/** What a bank answers on a file: pain.002, which US banks offer beside formats of their own. It names the file by our reference. */
function readAnswer(bytes: Uint8Array, { asset, store }: Reading): BankFile {
  const file = readBankFile(bytes, { iban: '', asset })
  if (file.kind !== 'status') throw new BankFileRefused('of ISO 20022 only pain.002.001.10 is read here')
  return { ...file, messageId: store.fileByReference(file.messageId) ?? file.messageId }
}

/** Reads what a US bank puts into the inbox, by how it begins: a NACHA file, a BAI2 file, or pain.002. Or refuses it whole. */
export function readAchFile(bytes: Uint8Array, reading: Reading): BankFile {
  const content = Buffer.from(bytes).toString('latin1')
  if (content.startsWith('101')) return readNotices(readNacha(content))
  if (content.startsWith('01,')) return readStatement(content, reading)
  if (/^(\ufeff|ï»¿)?\s*</.test(content)) return readAnswer(bytes, reading)
  throw new BankFileRefused('the file is neither NACHA, BAI2 nor pain.002')
}
