import { expect, test } from 'vitest'
import type { MemoryTable } from '../../ports/books.ts'
import { createArchive } from '../archive/archive.ts'
import { newKeyStore } from '../archive/keyStore.ts'
import { createOrderedRecords, type OrderedRecords } from './orderedRecords.ts'

type Thing = Readonly<{ id: string; state: string; units?: bigint | undefined }>

const OPEN = { open: true, exceptional: false }
const ENDED = { open: false, exceptional: false }

function place(endedKept: number) {
  const archive = createArchive(newKeyStore(1), 'test')
  const left: string[] = []
  const make = () =>
    createOrderedRecords<Thing>({ archive, endedKept, left: (thing, names) => void left.push([thing.id, ...names].join(' ')) })
  return { archive, left, make, all: make() }
}

function records(...ids: readonly string[]) {
  const { all } = place(100)
  for (const id of ids) all.put({ id, state: 'new' }, OPEN)
  return all
}
const idsOf = (things: readonly Thing[]) => things.map(({ id }) => id)

/** Each comes, gets a name and ends, in this order. */
function pass(all: OrderedRecords<Thing>, ...ids: readonly string[]): void {
  for (const id of ids) {
    all.put({ id, state: 'new' }, OPEN)
    all.name(`#${id}`, id)
    all.put({ id, state: 'ended', units: 10n ** 30n }, ENDED)
  }
}

const inMemory = ({ tables }: OrderedRecords<Thing>) => [...(tables.byId as Map<string, Thing>).keys()]

test('a list goes from the newest back, in pages that follow each other', () => {
  const all = records('a', 'b', 'c', 'd', 'e')
  expect(idsOf(all.list({ limit: 2, after: undefined }))).toEqual(['e', 'd'])
  expect(idsOf(all.list({ limit: 2, after: 'd' }))).toEqual(['c', 'b'])
  expect(idsOf(all.list({ limit: 2, after: 'b' }))).toEqual(['a'])
  expect(all.list({ limit: 2, after: 'a' })).toEqual([])
  expect(all.list({ limit: 2, after: 'unknown' })).toEqual([])
})

test('what is put again keeps its place, and is what it was put as', () => {
  const all = records('a', 'b')
  all.put({ id: 'a', state: 'later' }, OPEN)
  expect(all.get('a')).toEqual({ id: 'a', state: 'later' })
  expect(idsOf(all.list({ limit: 9, after: undefined }))).toEqual(['b', 'a'])
})

test('what has its end is open no more, and what needs a person is listed from then on', () => {
  const all = records('a', 'b', 'c')
  all.put({ id: 'b', state: 'ended' }, { open: false, exceptional: true })
  all.put({ id: 'a', state: 'ended' }, ENDED)
  expect(idsOf(all.open())).toEqual(['c'])
  expect(all.openCount()).toBe(1)
  expect(idsOf(all.exceptions())).toEqual(['b'])
})

test('what ended leaves memory when enough others have, and is found by id and name and listed as before', () => {
  const { all, left } = place(2)
  pass(all, 'a', 'b')
  all.put({ id: 'open', state: 'new' }, OPEN)
  pass(all, 'c', 'd', 'e')
  expect(inMemory(all)).toEqual(['open', 'd', 'e'])
  expect(left).toEqual(['a #a', 'b #b', 'c #c'])
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    expect(all.get(id)).toEqual({ id, state: 'ended', units: 10n ** 30n })
    expect(all.named(`#${id}`)).toEqual(all.get(id))
  }
  expect(idsOf(all.list({ limit: 4, after: undefined }))).toEqual(['e', 'd', 'c', 'open'])
  expect(idsOf(all.list({ limit: 9, after: 'c' }))).toEqual(['open', 'b', 'a'])
  expect(idsOf(all.list({ limit: 1, after: 'b' }))).toEqual(['a'])
  // An id is not a name, nor the other way round, wherever the thing is.
  expect([all.get('#a'), all.named('a'), all.get(''), all.named('')]).toEqual([undefined, undefined, undefined, undefined])
})

test('what changes after it has left stays in memory from then on, in its place', () => {
  const { all } = place(1)
  pass(all, 'a', 'b', 'c')
  all.put({ id: 'a', state: 'paid late' }, { open: false, exceptional: true })
  all.put({ id: 'b', state: 'again' }, OPEN)
  all.put({ id: 'b', state: 'ended again' }, ENDED)
  pass(all, 'd', 'e')
  expect(inMemory(all)).toEqual(['a', 'b', 'e'])
  expect(all.get('a')).toEqual({ id: 'a', state: 'paid late' })
  expect(all.named('#b')).toEqual({ id: 'b', state: 'ended again' })
  expect(all.list({ limit: 9, after: undefined }).map(({ state }) => state)).toEqual([
    'ended',
    'ended',
    'ended',
    'ended again',
    'paid late',
  ])
  expect(idsOf(all.exceptions())).toEqual(['a'])
})

test('what is open again when its turn comes stays', () => {
  const { all, left } = place(1)
  pass(all, 'a')
  all.put({ id: 'a', state: 'again' }, OPEN)
  pass(all, 'b')
  expect([idsOf(all.open()), left]).toEqual([['a'], []])
  all.put({ id: 'a', state: 'ended again' }, ENDED)
  pass(all, 'c')
  expect(left).toEqual(['b #b', 'a #a'])
  expect(all.named('#a')).toEqual({ id: 'a', state: 'ended again' })
})

test('what is too long to be archived stays in memory', () => {
  const { all, left } = place(1)
  const long = { id: 'a', state: 'x'.repeat(1_100_000) }
  all.put(long, ENDED)
  pass(all, 'b', 'c')
  expect([all.get('a'), left]).toEqual([long, ['b #b']])
})

test('the order and the names are built again from the tables of a snapshot', () => {
  const { all, make } = place(2)
  pass(all, 'a', 'b', 'c', 'd')
  all.put({ id: 'open', state: 'new' }, OPEN)
  all.name('#open', 'open')
  const to = make()
  for (const [name, table] of Object.entries(all.tables)) fill(to.tables[name as keyof typeof to.tables], table)
  to.derive()
  expect(to.list({ limit: 9, after: undefined })).toEqual(all.list({ limit: 9, after: undefined }))
  for (const id of ['a', 'b', 'c', 'd', 'open']) expect(to.named(`#${id}`)).toEqual(all.get(id))
  pass(to, 'e')
  expect(idsOf(to.list({ limit: 9, after: undefined }))).toEqual(['e', 'open', 'd', 'c', 'b', 'a'])
})

function fill(to: MemoryTable, from: MemoryTable): void {
  if (to instanceof Map) for (const [key, value] of from as Map<string, unknown>) to.set(key, value)
  else if (to instanceof Set) for (const key of from as Set<string>) to.add(key)
  else to.splice(0, to.length, ...(from as unknown[]))
}
