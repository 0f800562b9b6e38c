import { createHeap } from './heap.ts'

/** Ids by the time at which something is to be done with them: what is due is found without a look at the others. */
type DueIndex = Readonly<{
  /** Keeps it at this time instead of another, or forgets it. */
  set(id: string, at: number | undefined): void
  /** Those whose time has come, the longest due first; at most `most`. They stay. */
  due(now: number, most: number): string[]
  /** The same, and takes them out. */
  take(now: number, most: number): string[]
}>

type Row = Readonly<{ id: string; at: number }>

/** Rows of old times that may stand in the heap besides those that count. */
const OLD_MAX = 1_000

/** A heap; a row whose time is not the one that is kept of its id is old, and dropped when it comes up. */
export function createDueIndex(): DueIndex {
  const heap = createHeap<Row>((a, b) => a.at < b.at || (a.at === b.at && a.id < b.id))
  const kept = new Map<string, number>()

  /** Drops what is old: as many as count have been set since the last time, so this costs each of them little. */
  function clean(): void {
    heap.clear()
    for (const [id, at] of kept) heap.push({ id, at })
  }

  /** What is old comes off with them. */
  function pop(now: number, most: number): Row[] {
    const found: Row[] = []
    const seen = new Set<string>()
    for (let first = heap.first(); first && first.at <= now && found.length < most; first = heap.first()) {
      heap.pop()
      // A time that was set, changed and set again has two rows.
      if (kept.get(first.id) !== first.at || seen.has(first.id)) continue
      seen.add(first.id)
      found.push(first)
    }
    return found
  }

  return {
    set(id, at) {
      if (kept.get(id) === at) return
      if (at === undefined) return void kept.delete(id)
      kept.set(id, at)
      heap.push({ id, at })
      if (heap.size() > 2 * kept.size + OLD_MAX) clean()
    },
    due(now, most) {
      const found = pop(now, most)
      for (const row of found) heap.push(row)
      return found.map(({ id }) => id)
    },
    take(now, most) {
      const found = pop(now, most)
      for (const { id } of found) kept.delete(id)
      return found.map(({ id }) => id)
    },
  }
}
