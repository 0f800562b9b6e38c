import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ListedChange, ListFilter } from '../../../gateway/ports/readLists.ts'
import type { ReadModel } from '../../../gateway/ports/readModel.ts'
import { openReadModel } from './openReadModel.ts'
import { openReadModelWriter } from './openReadModelWriter.ts'

const NOTHING = {
  accounts: [],
  entries: [],
  changes: [],
  marks: [],
  opened: [],
  closed: [],
  facts: [],
  acts: [],
  payments: [],
  events: [],
  subjects: [],
}
const PARTIES = ['pa_1', 'pa_2', 'pa_3']
const STATES = ['open', 'settled', 'expired']
const RAILS = ['bank', 'evm:1', 'evm:2']

/** What a resource is, as the changes so far make it. */
type Thing = {
  n: number
  id: string
  at: number
  parties: readonly string[]
  status: string
  rail: string
  units: bigint
  shop: string
  names: Set<string>
}

let folder: string
let reads: ReadModel | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-lists-'))
})
afterEach(() => {
  reads?.close()
  reads = undefined
  rmSync(folder, { recursive: true })
})

/** The read model after these changes, so many a block. */
function listed(changes: readonly ListedChange[], size: number, name = 'read.db'): ReadModel {
  const path = join(folder, name)
  const writer = openReadModelWriter(path)
  for (let i = 0; i < changes.length; i += size)
    writer.apply(
      [{ seq: i + 1, ...NOTHING, listed: changes.slice(i, i + size) }],
      { accounts: [], groups: [] },
      {
        seq: i + 1,
        hash: new Uint8Array(32),
        at: BigInt(i),
      },
    )
  writer.close()
  reads = openReadModel(path)
  return reads
}

/** All pages of a list, as they are read one after another. */
function walk(from: ReadModel, filter: ListFilter, limit: number): string[] {
  const ids: string[] = []
  for (let after: string | undefined; ; ) {
    const page = from.lists.listed('payment_intents', filter, { limit, after })!
    expect(page.ids.length).toBeLessThanOrEqual(limit)
    ids.push(...page.ids)
    if (page.next === undefined) return ids
    expect(page.next).not.toBe(after)
    after = page.next
  }
}

const list = 'payment_intents'
const oneOf = <T>(all: readonly T[]) => fc.constantFrom(...all)
const some = <T>(all: readonly T[]) => fc.option(oneOf(all), { nil: undefined })
const begin = fc.record({
  at: fc.integer({ min: 1_000, max: 1_030 }),
  parties: fc.subarray(PARTIES, { maxLength: 2 }),
  units: fc.bigInt({ min: 0n, max: 40n }),
  shop: oneOf(['north', 'south']),
  name: oneOf(['A _1', 'b2', 'x'.repeat(200)]),
})
const change = fc.record({ of: fc.nat(), status: some(STATES), rail: some(RAILS), shop: some(['north', 'east']), name: some(['b2', 'c3']) })
const filters = fc.record<ListFilter>({
  party: some(PARTIES),
  status: some(STATES),
  rail: some([...RAILS, 'evm']),
  createdFrom: some([1_010, 1_020]),
  createdBefore: some([1_015, 1_025]),
  amount: some([{ asset: 'USD', least: 3n, most: 21n }, { asset: 'USD', least: 30n }, { asset: 'EUR' }]),
  metadata: some([{ key: 'shop', value: 'north' }]),
  reference: some(['a1', 'B2', 'X'.repeat(200), 'none']),
})

function madeOf(begins: readonly (typeof begin extends fc.Arbitrary<infer T> ? T : never)[]): [ListedChange[], Thing[]] {
  const things = begins.map(({ at, parties, units, shop, name }, i) => {
    return { n: i, id: `pi_${i}`, at, parties, status: 'open', rail: '', units, shop, names: new Set([name]) }
  })
  const changes = things.map(({ id, at, parties, units, shop, names }): ListedChange => {
    return {
      list,
      id,
      begins: { at, parties },
      status: 'open',
      amount: { asset: 'USD', units },
      metadata: { shop },
      references: [...names],
    }
  })
  return [changes, things]
}

function holds(
  thing: Thing,
  { party, status, rail, createdFrom = 0, createdBefore = 9_999, amount, metadata, reference }: ListFilter,
): boolean {
  const plain = (text: string) => text.replaceAll(/[ _]/g, '').toLowerCase()
  return (
    (party === undefined || thing.parties.includes(party)) &&
    (status === undefined || thing.status === status) &&
    (rail === undefined || thing.rail === rail || thing.rail.startsWith(`${rail}:`)) &&
    thing.at >= createdFrom &&
    thing.at < createdBefore &&
    (!amount || (amount.asset === 'USD' && thing.units >= (amount.least ?? 0n) && thing.units <= (amount.most ?? 999n))) &&
    (!metadata || thing.shop === metadata.value) &&
    (reference === undefined || [...thing.names].map(plain).includes(plain(reference)))
  )
}

test('every page of every filter is what a look at each thing would give, newest first, however the blocks were', () => {
  let n = 0
  fc.assert(
    fc.property(
      fc.array(begin, { minLength: 1, maxLength: 40 }),
      fc.array(change, { maxLength: 30 }),
      fc.array(filters, { minLength: 6, maxLength: 6 }),
      (begins, later, asked) => {
        const [changes, things] = madeOf(begins)
        for (const { of, status, rail, shop, name } of later) {
          const thing = things[of % things.length]!
          changes.push({
            list,
            id: thing.id,
            ...(status ? { status } : {}),
            ...(rail ? { rail } : {}),
            ...(shop ? { metadata: { shop } } : {}),
            references: [name ?? ''],
          })
          Object.assign(thing, { status: status ?? thing.status, rail: rail ?? thing.rail, shop: shop ?? thing.shop })
          if (name) thing.names.add(name)
        }
        const from = listed(changes, 1 + (n % 7), `read${n++}.db`)
        const newest = things.toSorted((a, b) => b.at - a.at || b.n - a.n)
        for (const filter of asked) {
          const expected = newest.filter((thing) => holds(thing, filter)).map(({ id }) => id)
          expect(walk(from, filter, 1 + (n % 5))).toEqual(expected)
          if (filter.reference === undefined || filter.party === undefined) continue
          const found = from.lists.found(filter.reference, filter.party, 100).map(({ id }) => id)
          expect(found).toEqual(
            newest.filter((thing) => holds(thing, { party: filter.party, reference: filter.reference })).map(({ id }) => id),
          )
        }
        from.close()
        reads = undefined
      },
    ),
    { numRuns: 40 },
  )
})

describe('a page', () => {
  const many = (count: number, status: (i: number) => string, party: (i: number) => string): ListedChange[] =>
    Array.from({ length: count }, (_, i) => ({
      list,
      id: `pi_${i}`,
      begins: { at: i, parties: [party(i)] },
      status: status(i),
      rail: 'bank',
    }))

  test('ends where it has looked enough, with a place of the caller’s own, and goes on from there', () => {
    // Runs that alternate, so that each is in the way of the other: nothing is on the list, and to know it takes a look at each run.
    const isOpen = (i: number) => Math.floor(i / 5) % 2 === 1
    const things = many(
      6_000,
      (i) => (isOpen(i) ? 'open' : 'settled'),
      (i) => (isOpen(i) ? 'pa_1' : 'pa_2'),
    )
    const from = listed(things, 1_000)
    const filter = { party: 'pa_1', status: 'settled' }
    let after: string | undefined
    let pages = 0
    do {
      const page = from.lists.listed(list, filter, { limit: 1, after })!
      expect(page.ids).toEqual([])
      if (page.next !== undefined) expect(isOpen(Number(page.next.slice(3)))).toBe(true)
      after = page.next
      pages += 1
    } while (after !== undefined)
    expect(pages).toBeGreaterThan(1)
    expect(pages).toBeLessThan(20)
  })

  test('stays as it is while others come, and the next one neither repeats nor leaves out', () => {
    const changes = many(
      10,
      () => 'open',
      () => 'pa_1',
    )
    const first = listed(changes, 5).lists.listed(list, {}, { limit: 4, after: undefined })!
    reads!.close()
    const more = many(
      20,
      () => 'open',
      () => 'pa_1',
    ).slice(10)
    const second = listed([...changes, ...more], 5, 'later.db').lists.listed(list, {}, { limit: 4, after: first.next })!
    expect([...first.ids, ...second.ids]).toEqual([9, 8, 7, 6, 5, 4, 3, 2].map((i) => `pi_${i}`))
  })

  test.each([
    ['of nothing', {}, 'pi_none'],
    ['of another list', {}, 'po_1'],
    ['of another party', { party: 'pa_1' }, 'pi_0'],
  ])('has no place after an id %s', (_, filter, after) => {
    const other: ListedChange = { list: 'payouts', id: 'po_1', begins: { at: 1, parties: [] } }
    const from = listed(
      [
        ...many(
          2,
          () => 'open',
          (i) => `pa_${2 - i}`,
        ),
        other,
      ],
      5,
    )
    expect(from.lists.listed(list, filter, { limit: 5, after })).toBeUndefined()
  })
})

test('a status changes from what it is said to alone, and what nobody has begun is not listed', () => {
  const changes: ListedChange[] = [
    { list, id: 'pi_1', begins: { at: 1, parties: [] }, status: 'held' },
    { list, id: 'pi_1', status: 'collecting', only: ['held'] },
    { list, id: 'pi_1', status: 'held', only: ['settled'] },
    { list, id: 'pi_2', status: 'held' },
  ]
  const from = listed(changes, 1)
  expect(walk(from, { status: 'collecting' }, 5)).toEqual(['pi_1'])
  expect(walk(from, {}, 5)).toEqual(['pi_1'])
})
