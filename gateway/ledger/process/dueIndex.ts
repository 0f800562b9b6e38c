import { createHeap } from './heap.ts'

/** Ids by the time at which something is to be done with them: what is due is found without a look at the others. */
type DueIndex = Readonly<{
  /** Keeps it at this time instead of another, or forgets it. */
  set(id: string, at: number | undefined): void
  /** Takes out those whose time has come, the longest due first; at most `most`. */
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

  return {
    set(id, at) {
      if (kept.get(id) === at) return
      if (at === undefined) return void kept.delete(id)
      kept.set(id, at)
      heap.push({ id, at })
      if (heap.size() > 2 * kept.size + OLD_MAX) clean()
    },
    take(now, most) {
      const found: string[] = []
      for (let first = heap.first(); first && first.at <= now && found.length < most; first = heap.first()) {
        heap.pop()
        if (kept.get(first.id) !== first.at) continue
        kept.delete(first.id)
        found.push(first.id)
      }
      return found
    },
  }
}
