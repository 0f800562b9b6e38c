import type { ExpectationIndex } from './expectationIndex.ts'
import type { FoundBreak, Match, Movement, Tolerance } from './rows.ts'

/** What has been found so far. Whatever is put here is closed: it is looked at no more. */
export function createFindings(index: ExpectationIndex, tolerances: readonly Tolerance[]) {
  const matches: Match[] = []
  const breaks: FoundBreak[] = []
  const tolerated = new Map(tolerances.map(({ asset, kind, units }) => [`${kind} ${asset}`, units]))

  const idsOf = (places: readonly number[]): string[] => places.map((place) => index.row(place).id)

  const expectedOf = (places: readonly number[]): bigint => places.reduce((sum, place) => sum + index.unitsOf(place), 0n)

  function close(places: readonly number[]): void {
    for (const place of places) index.close(place)
  }

  function matched(by: Match['by'], places: readonly number[], rows: readonly Movement[], o: { score?: number; difference: bigint }): void {
    const { side, asset } = rows[0]!
    const score = o.score === undefined ? {} : { score: o.score }
    const both = { by, expectations: idsOf(places), movements: rows.map(({ id }) => id), side, asset, expected: expectedOf(places) }
    matches.push({ ...both, ...score, difference: o.difference })
    close(places)
  }

  return {
    matches,
    breaks,
    /** True of an expectation that is open and of the same amount. */
    isExactly(place: number, row: Movement): boolean {
      return index.isOpen(place) && index.unitsOf(place) === row.units && index.assetOf(place) === row.asset
    },
    match: (by: Match['by'], places: readonly number[], rows: readonly Movement[], score?: number): void =>
      matched(by, places, rows, { ...(score === undefined ? {} : { score }), difference: 0n }),
    /** Both sides belong together and may differ: a match where that is nothing, or tolerated; else a break of its kind. */
    compare(by: Match['by'], places: readonly number[], rows: readonly Movement[]): void {
      const [first] = places
      const { asset, side, kind } = index.plain(first!)
      const expected = expectedOf(places)
      const moved = sumOf(rows)
      const other = rows.find((row) => row.asset !== asset)
      const difference = moved - expected
      const size = difference < 0n ? -difference : difference
      if (!other && size <= (tolerated.get(`${kind} ${asset}`) ?? 0n)) {
        matched(by, places, rows, { difference })
        return
      }
      const what = other ? 'currency' : kind === 'fee' ? 'fee_mismatch' : places.length > 1 ? 'split_mismatch' : 'amount'
      const movements = rows.map(({ id }) => id)
      const movedAsset = other ? { movedAsset: other.asset } : {}
      breaks.push({ kind: what, side, asset, expectations: idsOf(places), movements, expected, moved, ...movedAsset })
      close(places)
    },
    /** What has this name is matched already, and here is more of it. */
    again(row: Movement, beside: readonly number[]): void {
      const same = beside.some((place) => index.unitsOf(place) === row.units && index.assetOf(place) === row.asset)
      const kind = same ? 'duplicate' : row.kind === 'fee' ? 'fee_mismatch' : 'amount'
      breaks.push({ ...alone(row), kind, beside: idsOf(beside) })
    },
    unexpected(row: Movement): void {
      breaks.push({ ...alone(row), kind: row.kind === 'fee' ? 'fee_mismatch' : 'unexpected' })
    },
    missing(place: number): void {
      const { id, side, asset, units } = index.row(place)
      breaks.push({ kind: 'missing', side, asset, expectations: [id], movements: [], expected: units, moved: 0n })
    },
  }
}

export type Findings = ReturnType<typeof createFindings>

export function sumOf(rows: readonly Movement[]): bigint {
  return rows.reduce((sum, { units }) => sum + units, 0n)
}

function alone({ id, side, asset, units }: Movement): Omit<FoundBreak, 'kind'> {
  return { side, asset, expectations: [], movements: [id], expected: 0n, moved: units }
}
