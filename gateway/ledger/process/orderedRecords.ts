import type { Archive, MemoryTable } from '../../ports/books.ts'
import { endedRing } from './endedRing.ts'

/** A page of a list: newest first, after the id `after` when given. */
export type PageOf = Readonly<{ limit: number; after: string | undefined }>

/** Things that ended and stay in memory, because somebody may still ask for them. */
const ENDED_KEPT = 2_000

type OrderedRecordsOptions<T> = Readonly<{
  /** Where things go that ended before the newest `endedKept` of those did. */
  archive: Archive
  endedKept?: number
  /** Told of a thing that has left memory, with its names. */
  left?: (thing: T, names: readonly string[]) => void
}>

/**
 * Things as facts make them: by id, in the order in which they came; which of them are open, and which need a person. Those that ended leave memory
 * after a while and are read back when they are asked for. One that changes after that stays in memory from then on.
 */
export type OrderedRecords<T> = Readonly<{
  get(id: string): T | undefined
  /** Takes the thing as it is after a fact. What needs a person once is kept in that list. */
  put(thing: T, is: { open: boolean; exceptional: boolean }): void
  /** Gives a thing that was put, and is open, another name to be found by. */
  name(name: string, id: string): void
  named(name: string): T | undefined
  /** Oldest first. */
  open(): T[]
  openCount(): number
  /** In the order in which they came to need a person. */
  exceptions(): T[]
  list(page: PageOf): T[]
  /** What the books keep in their snapshots, and how the rest is built from it. */
  tables: Readonly<Record<'byId' | 'before' | 'newest' | 'open' | 'exceptional' | 'namesOf' | 'ended' | 'oldest', MemoryTable>>
  derive(): void
}>

/** How a thing is archived: with the id of the one that came before it, '' for the first. */
type Archived<T> = readonly [thing: T, before: string]

/** What is in memory, and the way to what has left it. */
type Memory<T> = ReturnType<typeof emptyMemory<T>>

export function createOrderedRecords<T extends Readonly<{ id: string }>>(options: OrderedRecordsOptions<T>): OrderedRecords<T> {
  const { endedKept = ENDED_KEPT, left } = options
  const memory = emptyMemory<T>(options.archive)
  const { byId, before, newest, open, exceptional, namesOf, byName } = memory
  const ring = endedRing(endedKept)
  const get = (id: string): T | undefined => byId.get(id) ?? archived(memory, id)?.[0]
  const all = (ids: Iterable<string>) => [...ids].map((id) => get(id)!)

  return {
    get,
    put(thing, is) {
      const { id } = thing
      const known = byId.has(id)
      const came = known ? undefined : archived(memory, id)
      if (!known) before.set(id, came ? came[1] : (newest[0] ?? ''))
      if (!known && !came) newest[0] = id
      const ends = !is.open && (open.has(id) || (!known && !came))
      byId.set(id, thing)
      if (is.open) open.add(id)
      else open.delete(id)
      if (is.exceptional) exceptional.add(id)
      const gone = ends ? ring.push(id) : undefined
      if (gone !== undefined) leave(memory, gone, left)
    },
    name(name, id) {
      namesOf.set(id, [...(namesOf.get(id) ?? []), name])
      byName.set(name, id)
    },
    named: (name) => get(byName.get(name) ?? archivedName(memory, name) ?? ''),
    open: () => all(open),
    openCount: () => open.size,
    exceptions: () => all(exceptional),
    list: (page) => listed(memory, page),
    tables: { byId, before, newest, open, exceptional, namesOf, ended: ring.ended, oldest: ring.oldest },
    derive() {
      byName.clear()
      for (const [id, names] of namesOf) for (const name of names) byName.set(name, id)
    },
  }
}

function emptyMemory<T>(archive: Archive) {
  return {
    archive,
    byId: new Map<string, T>(),
    /** The id of the one that came before each in memory; and the newest of all. */
    before: new Map<string, string>(),
    newest: [] as string[],
    open: new Set<string>(),
    exceptional: new Set<string>(),
    namesOf: new Map<string, readonly string[]>(),
    byName: new Map<string, string>(),
  }
}

// What is archived under an id, and under a name: texts from outside are looked up as either.
function archived<T>({ archive }: Memory<T>, id: string): Archived<T> | undefined {
  return archive.get(`id ${id}`) as Archived<T> | undefined // As `leave` put it.
}

function archivedName<T>({ archive }: Memory<T>, name: string): string | undefined {
  return archive.get(`name ${name}`) as string | undefined // As `leave` put it.
}

function leave<T>(memory: Memory<T>, id: string, left: OrderedRecordsOptions<T>['left']): void {
  const { archive, byId, before, open, namesOf, byName } = memory
  const thing = byId.get(id)
  // It was opened again, or came back because it changed.
  if (!thing || open.has(id) || archived(memory, id)) return
  if (!archive.put(`id ${id}`, [thing, before.get(id) ?? ''] satisfies Archived<T>)) return
  const names = namesOf.get(id) ?? []
  for (const name of names) {
    if (byName.get(name) !== id) continue
    byName.delete(name)
    if (archivedName(memory, name) === undefined) archive.put(`name ${name}`, id)
  }
  byId.delete(id)
  before.delete(id)
  namesOf.delete(id)
  left?.(thing, names)
}

function listed<T>(memory: Memory<T>, { limit, after }: PageOf): T[] {
  const { byId, before, newest } = memory
  const find = (id: string): Archived<T> | undefined => {
    const thing = byId.get(id)
    return thing === undefined ? archived(memory, id) : [thing, before.get(id) ?? '']
  }
  const page: T[] = []
  let id = after === undefined ? newest[0] : find(after)?.[1]
  while (id && page.length < limit) {
    const [thing, next]: Archived<T> = find(id)!
    page.push(thing)
    id = next
  }
  return page
}
