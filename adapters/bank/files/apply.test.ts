import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EUR } from '../../../gateway/money/asset.ts'
import { money } from '../../../gateway/money/money.ts'
import { type Bank, type BankReport, createBank } from '../../../world/bank/bank.ts'
import { writePain001, writeTransfer } from '../sepa/pain001.ts'
import { reasonMeaning } from '../sepa/reasonCodes.ts'
import { readBankFile } from '../sepa/translate.ts'
import { applyBankFile } from './apply.ts'
import { bankBalance } from './bankBalance.ts'
import { createBell } from './bell.ts'
import { streamSettlements } from './entryStream.ts'
import { type BankStore, openStore } from './store.ts'

const OWN = { id: 'own', name: 'Switchyard', iban: 'DE93999999990000000001' }
const CUSTOMER = { id: 'customer-1', name: 'Customer 1', iban: 'DE89370400440532013000' }
const CLOSED = 'DE75512108001245126199'
const RETURNED = 'DE12500105170648489890'
const ACCOUNT = { ...OWN, townName: 'Berlin', country: 'DE' }
const UNITS_PER_CENT = 10_000n
const ENTRIES_MAX = 10_000

type Step =
  | { do: 'in'; cents: bigint }
  | { do: 'out'; cents: bigint; to: string }
  | { do: 'cycle'; lose: boolean; twice: boolean }
  | { do: 'day-end' }
const cents = fc.bigInt({ min: 1n, max: 30_000n })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('in' as const), cents }),
  fc.record({
    do: fc.constant('out' as const),
    cents,
    to: fc.constantFrom(CUSTOMER.iban, CLOSED, RETURNED, 'FR7630006000011234567890189'),
  }),
  fc.record({ do: fc.constant('cycle' as const), lose: fc.boolean(), twice: fc.boolean() }),
  fc.record({ do: fc.constant('day-end' as const) }),
)

const told = (hash: string) => ({ hash, meaningOf: reasonMeaning, now: Date.parse('2026-11-21T12:00:00Z') })

function take(store: BankStore, report: BankReport): void {
  const file = readBankFile(Buffer.from(report.text), { iban: OWN.iban, asset: EUR })
  // The day is that of the bank, which a test ends as often as it likes.
  store.transaction(() => applyBankFile(store, file, { ...told('hash'), now: file.at }))
}

const bankSays = (bank: Bank) => bank.accounts().find(({ id }) => id === OWN.id)!.cents * UNITS_PER_CENT

function order(bank: Bank, store: BankStore, step: { cents: bigint; to: string }, n: number): BankReport[] {
  const id = `at${n}`
  const amount = { asset: EUR, units: step.cents * UNITS_PER_CENT }
  const payee = { iban: step.to, name: 'Customer 1' }
  const transfers = [writeTransfer({ id, amount, ...payee, reference: id })]
  const document = writePain001({ id, sum: amount, transfers, createdAt: 1_790_000_000_000, executeOn: '2026-11-20' }, ACCOUNT)
  store.addPayment({
    attemptId: `at_${n}`,
    endToEndId: id,
    units: amount.units,
    fee: SETUP.chargeCents * UNITS_PER_CENT,
    ...payee,
    document,
    createdAt: 1,
  })
  store.setState(`at_${n}`, 'sent')
  return bank.take(document)
}

/** Every entry from the opening balance, added up. */
function booked(store: BankStore): bigint {
  return store.entriesAfter(0, ENTRIES_MAX).reduce((sum, e) => sum + (e.side === 'credit' ? e.units : -e.units), 50_000n * UNITS_PER_CENT)
}

const SETUP = {
  own: OWN,
  customers: [CUSTOMER],
  openingCents: 50_000n,
  customerCents: 1_000_000n,
  chargeCents: 20n,
  startDate: '2026-11-20',
  closedIban: CLOSED,
  returnedIban: RETURNED,
  silentIban: '',
  refusesRecallsIban: '',
  ignoresRecallsIban: '',
  recallDays: 1,
  now: () => new Date(),
}

function run(steps: readonly Step[]): void {
  const bank = createBank(SETUP)
  const store = openStore(':memory:', OWN.iban)
  take(store, bank.openingStatement())
  let whole = true
  for (const [n, one] of steps.entries()) {
    if (one.do === 'in') bank.order({ customer: CUSTOMER.id, cents: one.cents, remittance: `in ${n}` })
    if (one.do === 'out') for (const report of order(bank, store, one, n)) take(store, report)
    if (one.do === 'cycle') {
      for (const report of bank.cycle()) {
        const lost = one.lose && report.kind === 'camt054'
        if (!lost) take(store, report)
        if (!lost && one.twice) take(store, report)
        whole = whole && !lost
      }
    }
    if (one.do === 'day-end') {
      for (const report of [...bank.cycle(), ...bank.dayEnd()]) take(store, report)
      whole = true
    }
    if (!whole) continue
    expect(booked(store)).toBe(bankSays(bank))
    expect(bankBalance(store, EUR).amount.units).toBe(bankSays(bank))
  }
  for (const report of [...bank.cycle(), ...bank.cycle(), ...bank.dayEnd()]) take(store, report)
  expect(booked(store)).toBe(bankSays(bank))
  expect(bankBalance(store, EUR)).toMatchObject({ amount: { units: bankSays(bank) }, inFlight: [] })
  expect(store.problems()).toEqual([])
  store.close()
}

test('of the balance it says what its stream tells, so that a rail that is first seen is opened with the rest alone', () => {
  const bank = createBank(SETUP)
  const store = openStore(':memory:', OWN.iban)
  take(store, bank.openingStatement())
  const toldOf = () => bankBalance(store, EUR).told
  expect(toldOf()).toEqual(money(EUR, 0n))
  bank.order({ customer: CUSTOMER.id, cents: 300n, remittance: 'before anybody looked' })
  for (const report of bank.cycle()) take(store, report)
  expect(toldOf()).toEqual(money(EUR, 3_000_000n))
  for (const report of bank.dayEnd()) take(store, report)
  expect([toldOf(), bankBalance(store, EUR).amount]).toEqual([money(EUR, 3_000_000n), money(EUR, 503_000_000n)])
  store.close()
})

test('what is booked equals the account at the bank, with files lost, repeated, rejected and returned', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => run(steps)),
    { numRuns: 60 },
  )
})

function withStore(work: (store: BankStore) => void): void {
  const store = openStore(':memory:', OWN.iban)
  work(store)
  store.close()
}
const NOW = { at: 1, kind: 'notification' as const }
const debit = (units: bigint, endToEndId: string, bookedOn = '2026-11-20') => {
  const part = { units, charge: false, returned: false, endToEndId }
  return { key: `${endToEndId}/${units}`, side: 'debit' as const, units, bookedOn, parts: [part] }
}
function pay(store: BankStore): void {
  store.addPayment({
    attemptId: 'at_1',
    endToEndId: 'at1',
    units: 1_000_000n,
    fee: 200_000n,
    iban: 'X',
    name: 'Y',
    document: '',
    createdAt: 1,
  })
  store.setState('at_1', 'sent')
}

test('a debit above what was ordered is the payment and, up to the price, a charge', () => {
  withStore((store) => {
    pay(store)
    applyBankFile(store, { ...NOW, entries: [debit(1_200_000n, 'at1')] }, told('hash'))
    expect(store.entriesAfter(0, 9).map(({ kind, units }) => [kind, units])).toEqual([
      ['paid', 1_000_000n],
      ['charge', 200_000n],
    ])
    expect(store.payment('at_1')?.state).toBe('booked')
  })
})

test('a debit beyond order and price is the payment, and a sum that no payment explains', () => {
  withStore((store) => {
    pay(store)
    applyBankFile(store, { ...NOW, entries: [debit(1_200_001n, 'at1')] }, told('hash'))
    expect(store.entriesAfter(0, 9).map(({ kind, units }) => [kind, units])).toEqual([
      ['paid', 1_000_000n],
      ['unexplained', 200_001n],
    ])
    expect(store.payment('at_1')?.state).toBe('booked')
    expect(store.problems().map(({ what }) => what)).toEqual(['a debit that no payment of ours explains'])
  })
})

test('a charge above the price is booked, and is shown to a person; one without a payment has no price', () => {
  withStore((store) => {
    pay(store)
    const charge = (units: bigint, endToEndId?: string) => {
      const part = { units, charge: true, returned: false, ...(endToEndId ? { endToEndId } : {}) }
      return { key: `charge/${units}`, side: 'debit' as const, units, bookedOn: '2026-11-20', parts: [part] }
    }
    const entries = [debit(1_000_000n, 'at1'), charge(200_000n, 'at1'), charge(9_000_000n)]
    applyBankFile(store, { ...NOW, entries }, told('hash'))
    expect(store.problems()).toEqual([])
    applyBankFile(store, { ...NOW, entries: [charge(1_230_000n, 'at1')] }, told('hash2'))
    expect(store.problems()).toMatchObject([{ what: 'the bank charged more than its price', detail: expect.stringContaining('1230000') }])
    expect(store.entriesAfter(0, 9).filter(({ kind }) => kind === 'charge').length).toBe(3)
  })
})

test('a debit below what was ordered, one of nobody, and a second one settle nothing and are shown to a person', () => {
  withStore((store) => {
    pay(store)
    applyBankFile(store, { ...NOW, entries: [debit(900_000n, 'at1'), debit(1_000_000n, 'other')] }, told('hash'))
    expect(store.payment('at_1')?.state).toBe('sent')
    expect(store.problems().length).toBe(2)
    applyBankFile(store, { ...NOW, entries: [debit(1_000_000n, 'at1', '2026-11-21')] }, told('hash'))
    const again = { ...debit(1_000_000n, 'at1'), key: 'again' }
    applyBankFile(store, { ...NOW, entries: [again] }, told('hash'))
    expect(store.entriesAfter(0, 9).map(({ kind }) => kind)).toEqual(['unexplained', 'unexplained', 'paid', 'unexplained'])
  })
})

test('a debit after a rejection is believed, and the contradiction is shown', () => {
  withStore((store) => {
    pay(store)
    applyBankFile(store, { kind: 'status', at: 1, messageId: 'at1', statuses: [{ state: 'rejected', code: 'AC04' }] }, told('hash'))
    expect(store.payment('at_1')?.state).toBe('rejected')
    applyBankFile(store, { ...NOW, entries: [debit(1_000_000n, 'at1')] }, told('hash'))
    expect(store.payment('at_1')?.state).toBe('booked')
    expect(store.problems()).toMatchObject([{ what: 'debited after it had failed' }])
  })
})

test('a booking that the statement of its day does not list is not counted and is shown', () => {
  withStore((store) => {
    applyBankFile(store, { ...NOW, entries: [debit(1_000_000n, 'ghost')] }, told('hash'))
    const day = { id: 'S1', at: 2, opening: 5_000_000n, closing: 5_000_000n, closingOn: '2026-11-20', entries: [] }
    applyBankFile(store, { kind: 'statement', at: 2, statements: [day] }, told('hash2'))
    expect(bankBalance(store, EUR).amount.units).toBe(5_000_000n)
    expect(store.problems().map(({ what }) => what)).toContain('notified but not in the statement')
    const next = { ...day, id: 'S2', opening: 4_000_000n, closing: 4_000_000n, closingOn: '2026-11-23' }
    applyBankFile(store, { kind: 'statement', at: 3, statements: [next] }, told('hash3'))
    expect(store.problems().map(({ what }) => what)).toContain('a statement is missing or out of order')
  })
})

test('a file that left just before a crash is taken at the bank’s word, without an alarm', () => {
  withStore((store) => {
    pay(store)
    store.setState('at_1', 'staged')
    applyBankFile(store, { ...NOW, entries: [debit(1_000_000n, 'at1')] }, told('hash'))
    expect(store.payment('at_1')?.state).toBe('booked')
    expect(store.problems()).toEqual([])
  })
  withStore((store) => {
    pay(store)
    store.setState('at_1', 'staged')
    applyBankFile(store, { kind: 'status', at: 1, messageId: 'at1', statuses: [{ state: 'rejected', code: 'AC04' }] }, told('hash'))
    expect(store.payment('at_1')).toMatchObject({ state: 'rejected', code: 'AC04' })
    expect(store.problems()).toEqual([])
  })
})

const arrival = (key: string, units: bigint) => {
  const part = { units, charge: false, returned: false, reference: 'RF18', payer: 'Customer 1' }
  return { key, side: 'credit' as const, units, bookedOn: '2026-11-20', parts: [part] }
}
const DAY = { id: 'S1', at: 2, opening: 0n, closing: 800_000n, closingOn: '2026-11-20' }

test('an entry that the bank corrects under its reference is no second credit', () => {
  withStore((store) => {
    applyBankFile(store, { ...NOW, entries: [arrival('B1/CRDT/1000000', 1_000_000n)] }, told('hash'))
    const corrected = { ...DAY, entries: [arrival('B1/CRDT/800000', 800_000n)] }
    applyBankFile(store, { kind: 'statement', at: 2, statements: [corrected] }, told('hash2'))
    const rows = store.entriesAfter(0, 9)
    expect(rows.filter(({ kind }) => kind === 'received').map(({ units }) => units)).toEqual([1_000_000n])
    expect(rows.reduce((sum, e) => sum + (e.side === 'credit' ? e.units : -e.units), 0n)).toBe(800_000n)
    expect(bankBalance(store, EUR).amount.units).toBe(800_000n)
    expect(store.problems().map(({ what }) => what)).toEqual(['the bank has corrected an entry'])
  })
})

test('a statement with a correction that changes no sum may come again', () => {
  withStore((store) => {
    // Notified in two, the one for the day before, and then booked as one.
    const parts = [{ ...arrival('B1/CRDT/500000', 500_000n), bookedOn: '2026-11-19' }, arrival('B1/CRDT/300000', 300_000n)]
    applyBankFile(store, { ...NOW, entries: parts }, told('hash'))
    const statement = { ...DAY, entries: [arrival('B1/CRDT/800000', 800_000n)] }
    const read = (hash: string, one = statement) => applyBankFile(store, { kind: 'statement', at: 2, statements: [one] }, told(hash))
    read('hash2')
    read('hash3')
    expect([bankBalance(store, EUR).amount.units, store.entriesAfter(0, 9).length]).toEqual([800_000n, 2])
    const other = { ...statement, entries: [arrival('B2/CRDT/800000', 800_000n)] }
    expect(() => read('hash4', other)).toThrow('read before without the entry B2')
  })
})

test('two entries of one reference that the same statement lists are two', () => {
  withStore((store) => {
    const entries = [arrival('B1/CRDT/500000', 500_000n), arrival('B1/CRDT/300000', 300_000n)]
    applyBankFile(store, { ...NOW, entries: [entries[0]!] }, told('hash'))
    applyBankFile(store, { kind: 'statement', at: 2, statements: [{ ...DAY, entries }] }, told('hash2'))
    expect(store.entriesAfter(0, 9).map(({ kind, units }) => [kind, units])).toEqual([
      ['received', 500_000n],
      ['received', 300_000n],
    ])
    expect(store.problems()).toEqual([])
  })
})

const credit = (units: bigint, about: { returned?: boolean; reference?: string; text?: string }) => {
  const part = { units, charge: false, returned: false, endToEndId: 'at1', payer: 'Customer 1', ...about }
  return { key: `back/${units}`, side: 'credit' as const, units, bookedOn: '2026-11-20', parts: [part] }
}

test('a credit that names a payment is its return where the bank says so, and else a transfer of whoever sent it', () => {
  withStore((store) => {
    pay(store)
    applyBankFile(store, { ...NOW, entries: [debit(1_000_000n, 'at1')] }, told('hash'))
    const entries = [credit(10_000n, { text: 'thanks' }), credit(20_000n, { reference: 'RF18' }), credit(1_000_000n, { returned: true })]
    applyBankFile(store, { ...NOW, entries }, told('hash2'))
    const rows = store.entriesAfter(1, 9).map(({ kind, units, attemptId, reference }) => [kind, units, attemptId, reference])
    expect(rows).toEqual([
      ['received', 10_000n, null, null],
      ['received', 20_000n, null, 'RF18'],
      ['returned', 1_000_000n, 'at_1', 'at1'],
    ])
  })
})

test('a transfer that names a payment is told with its attempt, as a hint', async () => {
  const store = openStore(':memory:', OWN.iban)
  pay(store)
  applyBankFile(store, { ...NOW, entries: [credit(10_000n, { text: 'thanks' })] }, told('hash'))
  const source = { store, asset: EUR, rail: 'bank' as const, meaningOf: reasonMeaning, bell: createBell(), check: () => undefined }
  for await (const told of streamSettlements(source, '', new AbortController().signal)) {
    expect([told.kind, told.attemptId, told.namesAttempt]).toEqual(['received', undefined, 'at_1'])
    break
  }
  store.close()
})

test('what is of a day far ahead counts for nothing yet: it would be the last word on the account until then', () => {
  withStore((store) => {
    const day = (id: string, closingOn: string) => ({ ...DAY, id, closingOn, closing: 1_000_000n, entries: [arrival(id, 1_000_000n)] })
    const read = (statement: ReturnType<typeof day>) => () =>
      store.transaction(() => applyBankFile(store, { kind: 'statement', at: 2, statements: [statement] }, told('hash')))
    expect(read(day('S99', '2099-11-20'))).toThrow('statement S99 is of 2099-11-20, which is still to come')
    const late = { ...arrival('B9', 5n), bookedOn: '2026-12-20' }
    const notified = () => applyBankFile(store, { ...NOW, entries: [late] }, told('hash'))
    expect(() => store.transaction(notified)).toThrow('entry B9 is of 2026-12-20')
    const made = () => applyBankFile(store, { kind: 'notices', at: Date.parse('2027-01-01'), notices: [] }, told('hash'))
    expect(made).toThrow('the file is of 2027-01-01')
    expect([store.entriesAfter(0, 9), store.lastStatement()]).toEqual([[], undefined])
    // The next day of business, as banks date before Easter.
    read(day('S2', '2026-11-25'))()
    expect(bankBalance(store, EUR).amount.units).toBe(1_000_000n)
  })
})

test('a statement that comes again is nothing, and one with other entries under its name is refused', () => {
  withStore((store) => {
    const day = (...keys: string[]) => ({ ...DAY, entries: keys.map((key) => arrival(key, 800_000n / BigInt(keys.length))) })
    const read = (...keys: string[]) => {
      store.transaction(() => applyBankFile(store, { kind: 'statement', at: 2, statements: [day(...keys)] }, told('hash')))
    }
    read('B1')
    read('B1')
    expect(() => read('B2', 'B3')).toThrow('statement S1 was read before without the entry B2')
    expect(store.entriesAfter(0, 9).map(({ key }) => key)).toEqual(['B1'])
  })
})

test('what a bank notifies may sum to more than its data file can count', () => {
  withStore((store) => {
    const most = 999_999_999_999_990_000n
    applyBankFile(store, { kind: 'statement', at: 2, statements: [{ ...DAY, closing: 0n, entries: [] }] }, told('hash'))
    const entries = Array.from({ length: 12 }, (_, n) => ({ ...arrival(`B${n}`, most), bookedOn: '2026-11-21' }))
    applyBankFile(store, { ...NOW, entries }, told('hash2'))
    expect(bankBalance(store, EUR)).toMatchObject({ amount: { units: 12n * most }, told: { units: 12n * most } })
  })
})
