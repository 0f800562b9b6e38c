import type { BookedEntry, BookedPart, EntryList } from './bankFile.ts'
import type { Database } from './database.ts'

/** Entries that wait in memory before they are written, and that are read at once. */
const PAGE = 500

type Kept = Omit<BookedEntry, 'units' | 'parts'> & { units: string; parts: (Omit<BookedPart, 'units'> & { units: string })[] }

function write(entry: BookedEntry): string {
  const parts = entry.parts.map((part) => ({ ...part, units: String(part.units) }))
  return JSON.stringify({ ...entry, units: String(entry.units), parts } satisfies Kept)
}

function read(text: string): BookedEntry {
  const kept = JSON.parse(text) as Kept // Written by `write`.
  return { ...kept, units: BigInt(kept.units), parts: kept.parts.map((part) => ({ ...part, units: BigInt(part.units) })) }
}

/**
 * Lists of entries in a temporary table, which is on disk and goes with the connection: a statement may have more than memory should hold, and counts only when
 * all of it was read. `clear` forgets all lists.
 */
export function openSpool({ all, run, transaction }: Pick<Database, 'all' | 'run' | 'transaction'>) {
  run('CREATE TEMP TABLE IF NOT EXISTS kept (list INTEGER, n INTEGER, entry TEXT NOT NULL, PRIMARY KEY (list, n)) STRICT, WITHOUT ROWID')
  let lists = 0

  function list(): EntryList {
    lists += 1
    const id = lists
    let count = 0
    let waiting: BookedEntry[] = []
    function flush(): void {
      const batch = waiting
      waiting = []
      transaction(() => {
        for (const [i, entry] of batch.entries()) run('INSERT INTO kept VALUES (?, ?, ?)', id, count + i, write(entry))
      })
      count += batch.length
    }
    function* entries(): Generator<BookedEntry> {
      for (let from = 0; from < count; from += PAGE) {
        const rows = all<{ entry: string }>('SELECT entry FROM kept WHERE list = ? AND n >= ? ORDER BY n LIMIT ?', id, from, PAGE)
        for (const { entry } of rows) yield read(entry)
      }
      yield* waiting
    }
    return {
      add(entry) {
        waiting.push(entry)
        if (waiting.length >= PAGE) flush()
      },
      [Symbol.iterator]: entries,
    }
  }

  return {
    list,
    clear: () => run('DELETE FROM kept'),
  }
}
