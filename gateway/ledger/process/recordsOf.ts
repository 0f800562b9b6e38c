import { invariant } from '../../errors/invariant.ts'
import type { Books, Fact, MemoryTable } from '../../ports/books.ts'
import { createEnds, type WaitLimits } from './ends.ts'
import { createOrderedRecords, type OrderedRecords } from './orderedRecords.ts'

/** What a room keeps beside its things, from the same facts. */
type Beside<T, F> = Readonly<{
  tables: Readonly<Record<string, MemoryTable>>
  /** After the thing is as the fact makes it. */
  apply(fact: F, thing: T): void
  /** Builds what follows from its tables anew, from nothing. */
  derive?(): void
  /** A thing has left memory, with its names. */
  left?(thing: T, names: readonly string[]): void
}>

type RecordsOptions<T, F> = Readonly<{
  books: Pick<Books, 'archive' | 'remember'>
  /** See `Memory` in the port of the books. */
  name: string
  form: number
  /** The fact when the room learns from it. */
  read(fact: Fact): F | undefined
  /** Which thing it speaks of; undefined when that is none of the room's. `named` finds a thing by one of its names. */
  idOf(fact: F, named: (name: string) => T | undefined): string | undefined
  evolve(thing: T | undefined, fact: F): T
  /** Left out where a thing has its end with its first fact. */
  isOpen?(thing: T): boolean
  /** True for what needs a person. Left out where nothing does. */
  isExceptional?(thing: T): boolean
  /** The names that a fact gives its thing, to be found by. Left out where things have none. */
  names?(fact: F, thing: T): readonly string[]
  beside?: Beside<T, F>
  /** See `createOrderedRecords`. */
  endedKept?: number | undefined
}>

/** All things of a room as the journal's facts make them: at start from what stands, then live, before a submission resolves. */
export type Records<T> = Pick<OrderedRecords<T>, 'get' | 'named' | 'open' | 'openCount' | 'exceptions' | 'list'> &
  Readonly<{
    /** Told of each thing that a fact has changed. */
    onChange(listener: (id: string) => void): void
    /** Resolves when a thing that is open has its end, or at the limits. */
    waitForEnd(id: string, limits: WaitLimits): Promise<void>
  }>

/** Listens to the books; make it before they start. */
export function recordsOf<T extends Readonly<{ id: string }>, F>(o: RecordsOptions<T, F>): Records<T> {
  const { books, name, form, beside } = o
  const things = createOrderedRecords<T>({
    archive: books.archive(name),
    ...(o.endedKept !== undefined && { endedKept: o.endedKept }),
    ...(beside?.left && { left: beside.left }),
  })
  const ends = createEnds()
  const listeners: ((id: string) => void)[] = []

  function take(fact: F): void {
    const id = o.idOf(fact, things.named)
    if (id === undefined) return
    const thing = o.evolve(things.get(id), fact)
    const open = o.isOpen?.(thing) ?? false
    things.put(thing, { open, exceptional: o.isExceptional?.(thing) ?? false })
    for (const given of o.names?.(fact, thing) ?? []) things.name(given, id)
    beside?.apply(fact, thing)
    if (!open) ends.notify(id)
    for (const listener of listeners) listener(id)
  }

  books.remember({
    name,
    form,
    tables: { ...tablesOf(things, o), ...beside?.tables },
    derive() {
      things.derive()
      beside?.derive?.()
    },
    apply(fact) {
      const known = o.read(fact)
      if (known !== undefined) take(known)
    },
  })

  const { get, named, open, openCount, exceptions, list } = things
  return { get, named, open, openCount, exceptions, list, onChange: (listener) => void listeners.push(listener), waitForEnd: ends.wait }
}

/** Tables that nothing of this room ever comes to are no part of its memory. */
function tablesOf<T, F>({ tables }: OrderedRecords<T>, o: RecordsOptions<T, F>): Readonly<Record<string, MemoryTable>> {
  const unused = [...(o.isOpen ? [] : ['open']), ...(o.isExceptional ? [] : ['exceptional']), ...(o.names ? [] : ['namesOf'])]
  const used = Object.entries(tables).filter(([table]) => !unused.includes(table))
  // One would be kept under the other's name, and be lost with the next start.
  for (const [table] of used) invariant(!Object.hasOwn(o.beside?.tables ?? {}, table), `${o.name} has two tables ${table}`)
  return Object.fromEntries(used)
}
