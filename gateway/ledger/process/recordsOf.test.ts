import { expect, test } from 'vitest'
import { memoryState } from '../../../test/behavior/memoryState.ts'
import type { Fact } from '../../ports/books.ts'
import { createBooks } from '../books/createBooks.ts'
import { memoryJournal } from '../books/memoryJournal.ts'
import { recordsOf } from './recordsOf.ts'

const LONG_MS = 3_600_000
type Thing = Readonly<{ id: string; state: string }>

const fact = (type: string, id: string, data: Fact['data'] = {}): Fact => ({ type, id, at: 1, data })

/** Things that begin, change and end by facts of their own, and hear of others under a name. */
async function room(o: { exceptional?: boolean; named?: boolean; journal?: ReturnType<typeof memoryJournal>; endedKept?: number } = {}) {
  const { journal = memoryJournal(), exceptional = false, named = false } = o
  const books = createBooks({ journal, clock: { now: () => 1 }, state: memoryState() })
  const tables: string[] = []
  const heard: string[] = []
  const count = new Map<string, number>()
  const things = recordsOf<Thing, Fact>({
    books: {
      ...books,
      remember(memory) {
        tables.push(...Object.keys(memory.tables))
        books.remember(memory)
      },
    },
    name: 'things',
    form: 1,
    read: (known) => (known.type === 'stranger' ? undefined : known),
    idOf: (known, find) => (known.type === 'other' ? find(`#${known.id}`)?.id : known.id),
    evolve: (_, { type, id }) => ({ id: type === 'other' ? id.toLowerCase() : id, state: type }),
    isOpen: ({ state }) => state !== 'ended',
    ...(exceptional && { isExceptional: ({ state }: Thing) => state === 'ended' }),
    ...(named && { names: ({ type, id }: Fact) => (type === 'begun' ? [`#${id.toUpperCase()}`] : []) }),
    beside: { tables: { count }, apply: (_, { id }) => void count.set(id, (count.get(id) ?? 0) + 1) },
    endedKept: o.endedKept,
  })
  things.onChange((id) => heard.push(`${id} ${things.get(id)?.state}`))
  await books.start()
  return { books, journal, things, tables, heard, count }
}

test('a fact changes the thing that it speaks of, by its id or a name, and whoever listens is told when it is changed', async () => {
  const { books, things, heard, count } = await room({ named: true })
  await books.submit({ facts: [fact('begun', 'a'), fact('stranger', 'a'), fact('other', 'A'), fact('other', 'B')] })
  expect([things.get('a'), heard, [...count]]).toEqual([{ id: 'a', state: 'other' }, ['a begun', 'a other'], [['a', 2]]])
})

test('who waits for an end is told of it, and of nothing before', async () => {
  const { books, things } = await room()
  await books.submit({ facts: [fact('begun', 'a')] })
  let told = false
  const waiting = things.waitForEnd('a', { timeoutMs: LONG_MS }).then(() => {
    told = true
  })
  await books.submit({ facts: [fact('changed', 'a')] })
  expect(told).toBe(false)
  await books.submit({ facts: [fact('ended', 'a')] })
  await waiting
  expect([told, things.openCount()]).toEqual([true, 0])
})

test('a room remembers no table that nothing comes to', async () => {
  const all = ['byId', 'before', 'newest', 'open', 'exceptional', 'namesOf', 'ended', 'oldest', 'count']
  expect((await room({ exceptional: true, named: true })).tables).toEqual(all)
  expect((await room()).tables).toEqual(all.filter((table) => table !== 'exceptional' && table !== 'namesOf'))
})

test('what has ended is read back once it has left memory, also by the next process', async () => {
  const { books, journal, things } = await room({ endedKept: 1, named: true })
  for (const id of ['a', 'b', 'c']) await books.submit({ facts: [fact('begun', id), fact('ended', id)] })
  const seen = things.list({ limit: 9, after: undefined })
  expect(seen.map(({ id }) => id)).toEqual(['c', 'b', 'a'])
  const next = await room({ journal, endedKept: 1, named: true })
  expect([next.things.list({ limit: 9, after: undefined }), next.things.named('#A')]).toEqual([seen, things.get('a')])
})
