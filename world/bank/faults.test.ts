import { expect, test } from 'vitest'
import { type BankReport, createBank } from './bank.ts'
import { readFaultRule, showFaultRule } from './faultShape.ts'
import type { Fault, FaultMatch } from './faults.ts'
import { createUsBank } from './us/usBank.ts'

const CUSTOMER = { id: 'customer-1', name: 'Customer 1', iban: 'DE89370400440532013000' }
const SETUP = {
  own: { id: 'own', name: 'Yard', iban: 'DE93999999990000000001' },
  customers: [CUSTOMER],
  openingCents: 50_000n,
  customerCents: 100_000n,
  chargeCents: 0n,
  startDate: '2026-12-21',
  closedIban: '',
  silentIban: '',
  refusesRecallsIban: '',
  ignoresRecallsIban: '',
  recallDays: 1,
  returnedIban: '',
  now: () => new Date('2026-12-21T10:00:00Z'),
}

/** A bank that has been told what is to go wrong with 12.57 that a customer sends. */
function bankWith(fault: Fault, match: FaultMatch = { cents: 1_257n }) {
  const bank = createBank(SETUP)
  expect(bank.addFault({ match, fault })).toBeUndefined()
  bank.order({ customer: CUSTOMER.id, cents: 1_257n, remittance: 'invoice 7' })
  bank.order({ customer: CUSTOMER.id, cents: 500n, remittance: 'invoice 8' })
  bank.cycle()
  return bank
}

const kindsOf = (reports: readonly BankReport[]) => reports.map(({ kind }) => kind)
/** Side, amount and day of each line of a statement, and what it opens and closes with. */
function linesOf({ text }: BankReport) {
  const entries = text.split('<Ntry>').slice(1)
  const part = (from: string, pattern: RegExp) => pattern.exec(from)?.[1]
  const lines = entries.map((entry) => [
    part(entry, /<CdtDbtInd>(\w+)/),
    part(entry, /<Amt Ccy="\w+">([\d.]+)/),
    part(entry, /<BookgDt><Dt>([\d-]+)/),
  ])
  const balances = [...text.matchAll(/<Bal>.*?<Amt Ccy="\w+">([\d.]+)/g)].map(([, amount]) => amount)
  return { lines, balances }
}

const DAY = '2026-12-21'
const OTHER = ['CRDT', '5.00', DAY]

test.each<[string, Fault, string[][], string]>([
  ['never', { kind: 'never' }, [OTHER], '505.00'],
  ['twice', { kind: 'twice' }, [['CRDT', '12.57', DAY], ['CRDT', '12.57', DAY], OTHER], '530.14'],
  ['other_side', { kind: 'other_side' }, [['DBIT', '12.57', DAY], OTHER], '492.43'],
  ['amount', { kind: 'amount', cents: 1_275n }, [['CRDT', '12.75', DAY], OTHER], '517.75'],
  ['fee_deducted', { kind: 'fee_deducted', cents: 100n }, [['CRDT', '11.57', DAY], OTHER], '516.57'],
  ['fee_line', { kind: 'fee_line', cents: 100n }, [['CRDT', '12.57', DAY], ['DBIT', '1.00', DAY], OTHER], '516.57'],
  ['future', { kind: 'future', days: 2 }, [['CRDT', '12.57', '2026-12-23'], OTHER], '517.57'],
])('a booking goes wrong as it was ordered, and the statement adds up: %s', (_, fault, lines, closing) => {
  const [statement] = bankWith(fault).dayEnd()
  expect(linesOf(statement!)).toEqual({ lines, balances: ['500.00', closing] })
})

test('a late booking is missing on its day and is on the statement of the next', () => {
  const bank = bankWith({ kind: 'late', days: 1 })
  expect(linesOf(bank.dayEnd()[0]!)).toEqual({ lines: [OTHER], balances: ['500.00', '505.00'] })
  expect(linesOf(bank.dayEnd()[0]!)).toEqual({ lines: [['CRDT', '12.57', '2026-12-22']], balances: ['505.00', '517.57'] })
})

test('a day has a line that nobody ordered, once', () => {
  const bank = bankWith({ kind: 'line', side: 'debit', cents: 33n, text: 'Interest' }, { day: DAY })
  expect(linesOf(bank.dayEnd()[0]!).lines).toContainEqual(['DBIT', '0.33', DAY])
  expect(linesOf(bank.dayEnd()[0]!).lines).toEqual([])
})

test('statements come twice, late, out of order, in another currency or cut off, and the right one follows', () => {
  const day = { day: DAY }
  const all = (fault: Fault) => {
    const bank = bankWith(fault, day)
    return [bank.dayEnd(), bank.dayEnd(), bank.dayEnd()].map((reports) => reports.map(linesOf).map(({ balances }) => balances.at(-1)))
  }
  expect(all({ kind: 'statement_twice' })).toEqual([['517.57', '517.57'], ['517.57'], ['517.57']])
  const bank = bankWith({ kind: 'statement_after_next' }, day)
  expect(bank.dayEnd()).toEqual([])
  expect(kindsOf(bank.dayEnd())).toEqual(['camt053', 'camt053'])
  const late = bankWith({ kind: 'statement_late', days: 2 }, day)
  expect([late.dayEnd(), late.dayEnd(), late.dayEnd()].map(({ length }) => length)).toEqual([0, 1, 2])
  const wrong = bankWith({ kind: 'statement_currency' }, day)
  expect(wrong.dayEnd()[0]!.text).toContain('Ccy="USD"')
  const [again] = wrong.dayEnd()
  expect(again!.text).not.toContain('Ccy="USD"')
  expect(linesOf(again!).lines.length).toBe(2)
  const cut = bankWith({ kind: 'statement_cut' }, day)
  expect(cut.dayEnd()[0]!.text).not.toContain('</Document>')
  expect(cut.dayEnd()[0]!.text).toContain('</Document>')
})

test('a rule is told as text, and is used up by what fits', () => {
  const text = '{"match":{"amount":"12.57","account":"DE89370400440532013000"},"fault":{"kind":"fee_line","amount":"0.35"},"times":2}'
  const read = readFaultRule(text)
  if ('wrong' in read) throw new Error(read.wrong)
  const bank = createBank(SETUP)
  bank.addFault(read.rule)
  bank.order({ customer: CUSTOMER.id, cents: 1_257n, remittance: 'a' })
  bank.cycle()
  expect(bank.faults().map(showFaultRule)).toEqual([{ ...JSON.parse(text), times: undefined, left: 1 }])
  expect(readFaultRule('{"match":{},"fault":{"kind":"amount","amount":"1.005"}}')).toEqual({ wrong: expect.stringContaining('1.005') })
  expect(readFaultRule('{"match":{},"fault":{"kind":"explode"}}')).toHaveProperty('wrong')
})

test('a bank of the US has the same faults, but lines with a day of their own', () => {
  const bank = createUsBank({ routing: '121042882', account: '1', openingCents: 500n, chargeCents: 0n, startDate: DAY })
  expect(bank.addFault({ match: {}, fault: { kind: 'future', days: 1 } })).toMatch(/has no day/)
  bank.addFault({ match: { day: DAY }, fault: { kind: 'line', side: 'credit', cents: 12n, text: 'INTEREST' } })
  bank.addFault({ match: { day: DAY }, fault: { kind: 'statement_currency' } })
  const [wrong] = bank.dayEnd()
  expect(wrong!.text).toContain(',CAD,')
  const [right, next] = bank.dayEnd()
  expect(right!.text).toContain('16,354,12,0,')
  expect(next!.text).toContain('010,+512,')
})
