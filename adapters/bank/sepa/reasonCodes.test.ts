import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { EUR } from '../../../gateway/money/asset.ts'
import type { NextStep } from '../../../gateway/ports/returnMeaning.ts'
import { fileRefused, notification } from '../../../world/bank/reports.ts'
import { applyBankFile } from '../files/apply.ts'
import { createBell } from '../files/bell.ts'
import type { CodeMeaning } from '../files/codeMeaning.ts'
import { streamSettlements } from '../files/entryStream.ts'
import { openStore } from '../files/store.ts'
import { RETURN_CODES } from '../nacha/returnCodes.ts'
import { estimateTransfer } from './estimate.ts'
import { REASON_CODES, reasonMeaning } from './reasonCodes.ts'
import { readBankFile } from './translate.ts'

const IBAN = 'DE93999999990000000001'
const PAYEE = { iban: 'DE89370400440532013000', name: 'A payee' }
const HEAD = { id: 'R1', createdAt: '2026-11-20T10:00:00Z' }
const AT = Date.parse(HEAD.createdAt)
/** Copies: the first one is under way, so a rejection with them ends nothing. */
const COPIES = ['AM05', 'DUPL']

/** One data file, in which each row has a payment and an account of its own. */
const store = openStore(':memory:', IBAN)
afterAll(() => store.close())
let serial = 0

function sent(): Readonly<{ id: string; attemptId: string; iban: string }> {
  serial += 1
  const [id, attemptId] = [`at${serial}`, `at_${serial}`]
  // Valid IBANs: the account's number and the check digits that it needs.
  const bban = `37040044${String(serial).padStart(10, '0')}`
  const check = 98n - (BigInt(`${bban}131400`) % 97n)
  const iban = `DE${String(check).padStart(2, '0')}${bban}`
  store.addPayment({ attemptId, endToEndId: id, units: 1_000_000n, fee: 0n, iban, name: PAYEE.name, document: '', createdAt: 1 })
  store.setState(attemptId, 'sent')
  return { id, attemptId, iban }
}

function says(text: string): void {
  const file = readBankFile(Buffer.from(text), { iban: IBAN, asset: EUR })
  store.transaction(() => applyBankFile(store, file, { hash: text, meaningOf: reasonMeaning, now: Date.parse('2026-11-24') }))
}

function mayPay(iban: string, now: number): string {
  const seconds = () => 1n
  const feeOf = () => ({ asset: EUR, units: 0n })
  const o = { store, iban: IBAN, asset: EUR, feeOf, seconds, refuseAmount: () => undefined, now: () => now, check: () => undefined }
  const estimate = estimateTransfer({ amount: { asset: EUR, units: 1_000_000n }, destination: { kind: 'iban', iban, name: PAYEE.name } }, o)
  return estimate.kind === 'impossible' ? `${estimate.reason}: ${estimate.detail}` : estimate.kind
}

const opening = { id: 'S0', at: 1, opening: 0n, closing: 9_000_000n, closingOn: '2026-11-19', entries: [] }
store.transaction(() => store.addStatement(opening))

test.each(Object.entries(REASON_CODES))('%s, as a rejection and as a return, means one thing', async (code, { title, next }) => {
  const rejected = sent()
  says(fileRefused(HEAD, rejected.id, { code, text: 'said the bank' }))
  const ends = COPIES.includes(code) ? ['sent', null] : ['rejected', code]
  const payment = store.payment(rejected.attemptId)!
  expect([payment.state, payment.code]).toEqual(ends)

  const paid = sent()
  const about = { date: '2026-11-20', endToEndId: paid.id, cents: 100n }
  const out = { ...about, reference: `B${serial}`, credit: false, code: ['ICDT', 'ESCT'] as const }
  const back = { ...about, reference: `C${serial}`, credit: true, code: ['ICDT', 'RRTN'] as const, returnCode: code }
  const before = store.entriesAfter(0, 10_000).at(-1)
  says(notification(HEAD, IBAN, [out, back]))
  const source = { store, asset: EUR, rail: 'bank' as const, meaningOf: reasonMeaning, bell: createBell(), check: () => undefined }
  for await (const told of streamSettlements(source, before ? `${before.seq}.${before.mark}` : '', new AbortController().signal)) {
    expect(told).toMatchObject({ kind: 'received', attemptId: paid.attemptId, reason: code, meaning: { words: title, next } })
    break
  }
  expect(store.payment(paid.attemptId)).toMatchObject({ state: 'booked', code })
  for (const { iban } of COPIES.includes(code) ? [paid] : [paid, rejected]) {
    const refused = `invalid_destination: its bank sent a payment back on 2026-11-20 with ${code} (${title}): name another account`
    expect(mayPay(iban, AT + 1)).toBe(next === 'correct' ? refused : 'possible')
    expect(mayPay(iban, AT + 91 * 86_400_000)).toBe('possible')
  }
})

test('a code that is not known is for a person, and marks no account', () => {
  const { id, attemptId, iban } = sent()
  says(fileRefused(HEAD, id, { code: 'ZZ99', text: '' }))
  expect(store.payment(attemptId)).toMatchObject({ state: 'rejected', code: 'ZZ99' })
  expect([mayPay(iban, AT + 1), reasonMeaning('ZZ99').next]).toEqual(['possible', 'ours'])
})

/** Codes by what follows, as a page lists them: "- **The account is wrong** (`correct`): AC01, AC03." */
function listed(page: string): Partial<Record<string, string[]>> {
  const text = readFileSync(join(import.meta.dirname, '../../../docs', page), 'utf8')
  const rows = [...text.matchAll(/^- \*\*[^*]+\*\* \(`(correct|ask|again|ours|none)`\): ([A-Z0-9,\s]+)\./gm)]
  return Object.fromEntries(rows.map(([, next = '', codes = '']) => [next, codes.split(/,\s+/).toSorted()]))
}

function byNext(table: Readonly<Record<string, CodeMeaning>>): Partial<Record<NextStep, string[]>> {
  const groups = Object.groupBy(Object.entries(table), ([, { next }]) => next)
  return Object.fromEntries(Object.entries(groups).map(([next, rows]) => [next, rows.map(([code]) => code).toSorted()]))
}

test.each([
  ['bank.md', REASON_CODES],
  ['ach.md', RETURN_CODES],
])('%s lists every code by what follows from it', (page, table) => {
  expect(listed(page)).toEqual(byNext(table))
})
