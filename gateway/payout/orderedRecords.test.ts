import { expect, test } from 'vitest'
import { createOrderedRecords } from './orderedRecords.ts'

type Thing = Readonly<{ id: string; state: string }>

function records(...ids: readonly string[]) {
  const all = createOrderedRecords<Thing>()
  for (const id of ids) all.put({ id, state: 'new' }, { open: true, exceptional: false })
  return all
}
const idsOf = (things: readonly Thing[]) => things.map(({ id }) => id)

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
  all.put({ id: 'a', state: 'later' }, { open: true, exceptional: false })
  expect(all.get('a')).toEqual({ id: 'a', state: 'later' })
  expect(idsOf(all.list({ limit: 9, after: undefined }))).toEqual(['b', 'a'])
})

test('what has its end is open no more, and what needs a person is listed from then on', () => {
  const all = records('a', 'b', 'c')
  all.put({ id: 'b', state: 'ended' }, { open: false, exceptional: true })
  all.put({ id: 'a', state: 'ended' }, { open: false, exceptional: false })
  expect(idsOf(all.open())).toEqual(['c'])
  expect(all.openCount()).toBe(1)
  expect(idsOf(all.exceptions())).toEqual(['b'])
})

test('the order is built again from the tables of a snapshot', () => {
  const [from, to] = [records('a', 'b', 'c'), createOrderedRecords<Thing>()]
  const [source, target] = [from.tables.byId, to.tables.byId]
  if (!(source instanceof Map) || !(target instanceof Map)) throw new Error('records are kept by id')
  for (const [id, thing] of source) target.set(id, thing)
  to.derive()
  expect(to.list({ limit: 9, after: undefined })).toEqual(from.list({ limit: 9, after: undefined }))
})
