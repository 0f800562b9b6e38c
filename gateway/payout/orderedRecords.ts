import type { MemoryTable } from '../ports/books.ts'

/** A page of a list: newest first, after the id `after` when given. */
export type PageOf = Readonly<{ limit: number; after: string | undefined }>

/** Things as facts make them: by id, in the order in which they came; which of them are open, and which need a person. */
export type OrderedRecords<T> = Readonly<{
  get(id: string): T | undefined
  /** Takes the thing as it is after a fact. What needs a person once is kept in that list. */
  put(thing: T, is: { open: boolean; exceptional: boolean }): void
  /** Oldest first. */
  open(): T[]
  openCount(): number
  /** In the order in which they came to need a person. */
  exceptions(): T[]
  list(page: PageOf): T[]
  /** What the books keep in their snapshots, and how the rest is built from it. */
  tables: Readonly<Record<'byId' | 'open' | 'exceptional', MemoryTable>>
  derive(): void
}>

export function createOrderedRecords<T extends Readonly<{ id: string }>>(): OrderedRecords<T> {
  const byId = new Map<string, T>()
  const open = new Set<string>()
  const exceptional = new Set<string>()
  const order: string[] = []
  const places = new Map<string, number>()
  const place = (id: string) => places.set(id, order.push(id) - 1)
  const all = (ids: Iterable<string>) => [...ids].map((id) => byId.get(id)!)

  return {
    get: (id) => byId.get(id),
    put(thing, is) {
      const { id } = thing
      if (!byId.has(id)) place(id)
      byId.set(id, thing)
      if (is.open) open.add(id)
      else open.delete(id)
      if (is.exceptional) exceptional.add(id)
    },
    open: () => all(open),
    openCount: () => open.size,
    exceptions: () => all(exceptional),
    list({ limit, after }) {
      const end = after === undefined ? order.length : (places.get(after) ?? 0)
      return all(order.slice(end > limit ? end - limit : 0, end).reverse())
    },
    tables: { byId, open, exceptional },
    derive() {
      places.clear()
      order.length = 0
      for (const id of byId.keys()) place(id)
    },
  }
}
