import { type RailKind, railKind } from '../../ports/railName.ts'
import type { Kin, Kinship } from '../learning/families.ts'
import type { Candidate } from './candidate.ts'

/**
 * Ways that are possible, by their place among those: the kind of rail of each, and by what two of them are related, so that they fail together.
 */
export type Relatives = Readonly<{ kinds: readonly RailKind[]; between: readonly (readonly (Kinship | undefined)[])[] }>

/** Of the candidates at these places; undefined where no two share anything. */
export function relativesOf(candidates: readonly Candidate[], places: readonly number[]): Relatives | undefined {
  if (!hasRelatives(candidates, places)) return undefined
  const ways = places.map((place) => candidates[place]!)
  return {
    kinds: ways.map(({ rail }) => railKind(rail)),
    between: ways.map((way, i) => ways.map((other, j) => (i === j ? undefined : kinshipOf(way, other)))),
  }
}

function hasRelatives(candidates: readonly Candidate[], places: readonly number[]): boolean {
  for (let i = 1; i < places.length; i++) {
    const { rail, destination } = candidates[places[i]!]!
    for (let j = 0; j < i; j++) {
      const other = candidates[places[j]!]!
      if (other.destination === destination || other.rail === rail) return true
    }
  }
  return false
}

function kinshipOf(a: Candidate, b: Candidate): Kinship | undefined {
  if (a.rail === b.rail) return a.destination === b.destination ? 'both' : 'rail'
  return a.destination === b.destination ? 'payee' : undefined
}

/** By what the ways that are left are related to this one. */
export function kinAmong({ between }: Relatives, way: number, left: readonly number[]): Kin {
  let [rail, payee, both] = [false, false, false]
  for (const other of left) {
    const kinship = between[way]![other]
    if (kinship === 'rail') rail = true
    else if (kinship === 'payee') payee = true
    else if (kinship === 'both') both = true
  }
  return { rail, payee, both }
}

/** True when no two of these ways are related. */
export function isUnrelated({ between }: Relatives, ways: readonly number[]): boolean {
  for (const way of ways) for (const other of ways) if (other < way && between[way]![other]) return false
  return true
}
