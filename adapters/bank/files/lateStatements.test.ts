import { expect, test } from 'vitest'
import { EUR } from '../../../gateway/money/asset.ts'
import { reasonMeaning } from '../sepa/reasonCodes.ts'
import { applyBankFile } from './apply.ts'
import { bankBalance } from './bankBalance.ts'
import { type BankStore, openStore } from './store.ts'

const told = (hash: string) => ({ hash, meaningOf: reasonMeaning, now: Date.parse('2026-11-25T12:00:00Z') })
const NOW = { kind: 'notification', at: 1 } as const
const DAY = { id: 'S1', at: 2, opening: 0n, closing: 800_000n, closingOn: '2026-11-20' }
const arrival = (key: string, units: bigint) => {
  const part = { units, charge: false, returned: false, reference: 'RF18', payer: 'Customer 1' }
  return { key, side: 'credit' as const, units, bookedOn: '2026-11-20', parts: [part] }
}

function withStore(work: (store: BankStore) => void): void {
  const store = openStore(':memory:', 'DE93999999990000000001')
  work(store)
  store.close()
}

test('an entry whose day comes after its statement is booked, and is shown to a person', () => {
  withStore((store) => {
    const late = { ...arrival('B1/CRDT/800000', 800_000n), bookedOn: '2026-11-24' }
    applyBankFile(store, { kind: 'statement', at: 2, statements: [{ ...DAY, entries: [late] }] }, told('hash'))
    expect(store.entriesAfter(0, 9).map(({ kind, units }) => [kind, units])).toEqual([['received', 800_000n]])
    expect(store.problems()).toMatchObject([
      { what: 'an entry has a day after that of its statement', detail: expect.stringMatching(/2026-11-24.*S1.*2026-11-20/) },
    ])
    expect(bankBalance(store, EUR).amount.units).toBe(800_000n)
  })
})

test('a statement that comes after the next one fills the gap, and what it lists is not missing any more', () => {
  withStore((store) => {
    const [first, second] = [arrival('B1/CRDT/800000', 800_000n), { ...arrival('B2/CRDT/100000', 100_000n), bookedOn: '2026-11-23' }]
    applyBankFile(store, { ...NOW, entries: [first, second] }, told('hash'))
    const before = { ...DAY, id: 'S0', closing: 0n, closingOn: '2026-11-19', entries: [] }
    const next = { ...DAY, id: 'S2', opening: 800_000n, closing: 900_000n, closingOn: '2026-11-23', entries: [second] }
    applyBankFile(store, { kind: 'statement', at: 2, statements: [before] }, told('hash0'))
    applyBankFile(store, { kind: 'statement', at: 2, statements: [next] }, told('hash2'))
    expect(store.problems().map(({ what }) => what)).toEqual([
      'notified but not in the statement',
      'a statement is missing or out of order',
    ])
    applyBankFile(store, { kind: 'statement', at: 3, statements: [{ ...DAY, entries: [first] }] }, told('hash1'))
    expect(store.problems()).toEqual([])
    expect(bankBalance(store, EUR).amount.units).toBe(900_000n)
  })
})

test('a statement in the gap that does not fill it leaves a problem', () => {
  withStore((store) => {
    const next = { ...DAY, id: 'S2', opening: 900_000n, closing: 900_000n, closingOn: '2026-11-23', entries: [] }
    applyBankFile(store, { kind: 'statement', at: 2, statements: [next] }, told('hash2'))
    applyBankFile(
      store,
      { kind: 'statement', at: 3, statements: [{ ...DAY, entries: [arrival('B1/CRDT/800000', 800_000n)] }] },
      told('hash1'),
    )
    expect(store.problems()).toMatchObject([{ what: 'a statement is missing or out of order', detail: expect.stringMatching(/^S2 opens/) }])
  })
})
