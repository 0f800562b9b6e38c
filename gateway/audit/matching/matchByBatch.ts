import type { ExpectationIndex } from './expectationIndex.ts'
import type { Findings } from './findings.ts'
import type { Movement } from './rows.ts'

/** Puts together what left in one file or batch of ours. Returns the movements that name none of an open expectation. */
export function matchByBatch(index: ExpectationIndex, found: Findings, rows: readonly Movement[]): Movement[] {
  const shown = new Map<string, Movement[]>()
  for (const row of rows) {
    if (row.batch === undefined) continue
    const key = keyOf(row, row.batch)
    const group = shown.get(key)
    if (group) group.push(row)
    else shown.set(key, [row])
  }
  if (shown.size === 0) return [...rows]
  const expected = new Map<string, number[]>()
  for (const place of index.allOpen()) {
    const batch = index.batchOf(place)
    if (batch === undefined) continue
    const key = keyOf(index.plain(place), batch)
    if (!shown.has(key)) continue
    const places = expected.get(key)
    if (places) places.push(place)
    else expected.set(key, [place])
  }
  for (const [key, places] of expected) found.compare('batch', places, shown.get(key)!)
  return rows.filter((row) => row.batch === undefined || !expected.has(keyOf(row, row.batch)))
}

function keyOf({ side, kind }: Pick<Movement, 'side' | 'kind'>, batch: string): string {
  return `${side} ${kind} ${batch}`
}
