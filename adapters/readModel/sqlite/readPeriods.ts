import { type ChangeView, MARK_EVERY, type ReadEntry, type ReadModel } from '../../../gateway/ports/readModel.ts'
import { historyOf } from './historyOf.ts'
import type { Query } from './readEvents.ts'
import { CHANGES, toChangeView, toEntry, toFact } from './readRows.ts'

type PeriodReads = Pick<ReadModel, 'changesBetween' | 'entriesFrom' | 'firstEntryAt' | 'newestBetween'>

/** Reads by time, in the order of the journal. Each costs what it gives, whatever else is stored. */
export function createPeriodReads(query: Query): PeriodReads {
  const lastOf = query('SELECT last FROM accounts WHERE n = ?')
  const markFrom = query('SELECT change FROM marks WHERE account = ? AND at >= ? ORDER BY at LIMIT 1 OFFSET ?')
  const walk = query(historyOf(CHANGES))
  const entryAt = query('SELECT at FROM entries WHERE n = ?')
  const lastEntry = query('SELECT coalesce(max(n), 0) AS n FROM entries')
  const entries = query('SELECT * FROM entries WHERE n >= ? ORDER BY n LIMIT ?')
  const changesIn = query(`${CHANGES} WHERE c.n BETWEEN ? AND ? AND c.entry > 0 ORDER BY c.n`)
  const newest = query('SELECT * FROM facts WHERE subject > ? AND subject < ? ORDER BY subject DESC, seq DESC, n DESC LIMIT 1')

  return {
    /** Changes name the one before them, so it goes back from a mark that is far enough behind `from`, or from the newest. */
    changesBetween(account, { from, before, limit }) {
      const marks = Math.ceil(limit / MARK_EVERY) // not money: a count
      const mark = markFrom(account, from, marks - 1)[0]?.change
      const start = Number(mark ?? lastOf(account)[0]?.last ?? 0)
      if (start === 0) return []
      return walk(account, start, 0, (marks + 1) * MARK_EVERY)
        .map(toChangeView)
        .filter(({ at }) => at >= from && at < before)
        .reverse()
        .slice(0, limit)
    },
    /** Entries are numbered without gaps in the order of their times, so it is found by halving. */
    firstEntryAt(at) {
      let [low, high] = [1, Number(lastEntry()[0]!.n) + 1]
      while (low < high) {
        const middle = low + ((high - low) >> 1)
        if ((entryAt(middle)[0]!.at as bigint) < at) low = middle + 1
        else high = middle
      }
      return low
    },
    entriesFrom(n, limit) {
      const rows = entries(n, limit)
      const [first, last] = [rows[0], rows.at(-1)]
      if (!first || !last) return []
      const of = Map.groupBy(changesIn(first.first_change as bigint, (last.first_change as bigint) + (last.legs as bigint) - 1n), entryOf)
      return rows.map((row): ReadEntry & { changes: readonly ChangeView[] } => {
        return { ...toEntry(row), changes: (of.get(Number(row.n)) ?? []).map(toChangeView) }
      })
    },
    newestBetween: (after, before) => newest(after, before).map(toFact)[0],
  }
}

function entryOf(row: Record<string, unknown>): number {
  return Number(row.entry)
}
