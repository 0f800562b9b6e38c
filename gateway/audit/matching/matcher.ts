import { createExpectationIndex } from './expectationIndex.ts'
import { createFindings, type Findings } from './findings.ts'
import { matchByBatch } from './matchByBatch.ts'
import { matchByName } from './matchByName.ts'
import { matchByScore } from './matchByScore.ts'
import type { Expectation, FoundBreak, Match, Movement, Tolerance } from './rows.ts'

/** Of those that share a name so many are compared at once; the rest when all is known. */
const LOOKED_AT = 8

export type Matched = Readonly<{ matches: readonly Match[]; breaks: readonly FoundBreak[] }>

/**
 * First all that is expected, then what the rail shows, in any order; then `finish` on a day (since 1970). What one name and one amount settle is settled at
 * once and not kept. The rest is decided together, so that the order of movements decides nothing but which of equal ones is the second.
 */
export function createMatcher({ tolerances }: Readonly<{ tolerances: readonly Tolerance[] }>) {
  const index = createExpectationIndex()
  const found = createFindings(index, tolerances)
  const pending: Movement[] = []

  return {
    expect: (row: Expectation): void => index.add(row),
    take(row: Movement): void {
      for (const name of row.names)
        for (const place of index.look(row, name, LOOKED_AT)) {
          if (!found.isExactly(place, row)) continue
          found.match('name', [place], [row])
          return
        }
      pending.push(row)
    },
    finish(today: number): Matched {
      const unnamed = matchByName(index, found, pending)
      const single = matchByBatch(index, found, unnamed)
      for (const row of matchByScore(index, found, single)) found.unexpected(row)
      return ended(found, index, today)
    },
  }
}

function ended(found: Findings, index: ReturnType<typeof createExpectationIndex>, today: number): Matched {
  for (const place of index.allOpen()) {
    const dueDay = index.dueDayOf(place)
    if (dueDay !== undefined && dueDay <= today) found.missing(place)
  }
  return { matches: found.matches, breaks: found.breaks }
}
