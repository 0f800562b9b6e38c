import type { ExpectationIndex } from './expectationIndex.ts'
import type { Findings } from './findings.ts'
import { sumOf } from './findings.ts'
import type { Movement } from './rows.ts'

/** Of what is matched already so many are named beside another of the same name. */
const BESIDE_MAX = 8

/** Puts together what shares a name. Returns the movements that no name of an expectation is on. */
export function matchByName(index: ExpectationIndex, found: Findings, pending: readonly Movement[]): Movement[] {
  const groups = new Map<string, { name: string; rows: Movement[] }>()
  const unnamed: Movement[] = []
  for (const row of pending) {
    const name = row.names.find((one) => !index.look(row, one, 1).next().done)
    if (name === undefined) {
      unnamed.push(row)
      continue
    }
    const key = `${row.side} ${row.kind} ${name}`
    const group = groups.get(key)
    if (group) group.rows.push(row)
    else groups.set(key, { name, rows: [row] })
  }
  for (const { name, rows } of groups.values()) matchGroup(index, found, { name, rows })
  return unnamed
}

function matchGroup(index: ExpectationIndex, found: Findings, { name, rows }: { name: string; rows: readonly Movement[] }): void {
  // Once for each name, so all of them together walk each link once.
  const all = [...index.look(rows[0]!, name, Number.MAX_SAFE_INTEGER)]
  const places = all.filter((place) => index.isOpen(place))
  if (places.length > 0 && sameSum(index, places, rows)) {
    found.match('name', places, rows)
    return
  }
  const { left, rest } = exactPairs(index, found, { places, rows })
  if (left.length > 0 && rest.length > 0) found.compare('name', left, rest)
  else for (const row of rest) found.again(row, all.slice(0, BESIDE_MAX))
}

function sameSum(index: ExpectationIndex, places: readonly number[], rows: readonly Movement[]): boolean {
  const asset = index.assetOf(places[0]!)
  const expected = places.reduce((sum, place) => sum + index.unitsOf(place), 0n)
  return expected === sumOf(rows) && rows.every((row) => row.asset === asset) && places.every((place) => index.assetOf(place) === asset)
}

/** What is of the same amount is the same; what is left of either side is compared as a whole. */
function exactPairs(index: ExpectationIndex, found: Findings, { places, rows }: { places: readonly number[]; rows: readonly Movement[] }) {
  const byAmount = new Map<string, number[]>()
  for (const place of places) {
    const key = amountKey(index.plain(place))
    const alike = byAmount.get(key)
    if (alike) alike.push(place)
    else byAmount.set(key, [place])
  }
  for (const alike of byAmount.values()) alike.reverse()
  const rest = rows.filter((row) => {
    const place = byAmount.get(amountKey(row))?.pop()
    if (place === undefined) return true
    found.match('name', [place], [row])
    return false
  })
  return { left: places.filter((place) => index.isOpen(place)), rest }
}

function amountKey({ asset, units }: Readonly<{ asset: string; units: bigint }>): string {
  return `${units} ${asset}`
}
