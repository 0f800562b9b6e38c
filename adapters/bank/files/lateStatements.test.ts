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

const END = { ...DAY, id: 'S0', closing: 0n, closingOn: '2026-11-19' }
/** Two of one day, which begins at nothing. */
const MORNING = { ...DAY, id: 'SA', opening: 0n, closing: 500_000n }
const EVENING = { ...DAY, id: 'SB', opening: 500_000n, closing: 800_000n }
const NEXT = { ...DAY, id: 'S2', opening: 800_000n, closing: 800_000n, closingOn: '2026-11-23' }

type Statement = typeof DAY
const read = (store: BankStore, ...statements: readonly Statement[]) => {
  for (const one of statements) {
    store.transaction(() => applyBankFile(store, { kind: 'statement', at: 2, statements: [{ ...one, entries: [] }] }, told(one.id)))
  }
}

test.each<[string, Statement[]]>([
  ['as they were made', [END, MORNING, EVENING]],
  ['the second first', [END, EVENING, MORNING]],
  ['the day before last', [EVENING, MORNING, END]],
  ['nothing of the day before', [EVENING, MORNING]],
  ['after that of the next day', [END, NEXT, EVENING, MORNING]],
])('two statements of one day, %s: each begins where the one before ended', (_, statements) => {
  withStore((store) => {
    read(store, ...statements)
    expect(store.problems()).toEqual([])
    expect(store.statementsFrom('2026-11-20', 2).map(({ id }) => id)).toEqual(['SA', 'SB'])
    expect(bankBalance(store, EUR).amount.units).toBe(800_000n)
    if (!statements.includes(NEXT)) read(store, NEXT)
    expect([store.problems(), store.lastStatement()?.id]).toEqual([[], 'S2'])
  })
})

test('what is missing within a day is told, and only as long as it is', () => {
  withStore((store) => {
    const last = { ...EVENING, id: 'SC', opening: 800_000n, closing: 0n }
    read(store, END, MORNING, last)
    expect(store.lastStatement()?.id).toBe('SC')
    expect(store.problems()).toMatchObject([{ id: 'gap:SC', detail: expect.stringMatching(/^SC opens .* SA closed/) }])
    // An empty one in between, and the one that was missing.
    read(store, { ...EVENING, id: 'SE', closing: 500_000n }, EVENING)
    expect(store.problems()).toEqual([])
    expect(store.statementsFrom('2026-11-20', 9).map(({ id }) => id)).toEqual(['SA', 'SE', 'SB', 'SC'])
  })
})

test('a day with more statements than anybody makes keeps them as they were read', () => {
  withStore((store) => {
    const many = Array.from({ length: 130 }, (_, n) => ({ ...DAY, id: `M${n}`, opening: BigInt(n), closing: BigInt(n + 1) }))
    read(store, END, ...many)
    expect([store.problems(), store.lastStatement()?.id]).toEqual([[], 'M129'])
    read(store, { ...DAY, id: 'M200', opening: 200n, closing: 201n })
    expect(store.problems().map(({ id }) => id)).toEqual(['gap:M200'])
  })
})
