import type { ExpectationIndex } from './expectationIndex.ts'
import type { Findings } from './findings.ts'
import type { Expectation, Movement } from './rows.ts'
import { SCORE_MIN, scoredOf, scoreOf } from './score.ts'

/** So many pairs of one amount are weighed each against each; of more only those of the same counterparty are put together. */
const PAIRS_MAX = 1_024

type Pair = Readonly<{ place: number; row: Movement; score: number }>

/** Puts together what is of the same amount by day and counterparty, where only one of each can be meant. Returns the movements that are left. */
export function matchByScore(index: ExpectationIndex, found: Findings, rows: readonly Movement[]): Movement[] {
  const shown = groupBy(rows, keyOf)
  if (shown.size === 0) return []
  const expected = new Map<string, number[]>()
  for (const place of index.allOpen()) {
    const key = keyOf(index.plain(place))
    if (!shown.has(key)) continue
    const places = expected.get(key)
    if (places) places.push(place)
    else expected.set(key, [place])
  }
  const taken = new Set<Movement>()
  for (const [key, places] of expected) {
    const candidates = shown.get(key)!
    const pairs = places.length * candidates.length <= PAIRS_MAX ? weigh(index, places, candidates) : weighAlike(index, places, candidates)
    for (const { place, row, score } of pairs) {
      if (!index.isOpen(place) || taken.has(row)) continue
      found.match('score', [place], [row], score)
      taken.add(row)
    }
  }
  return rows.filter((row) => !taken.has(row))
}

/** The likeliest first, without those of which another is as likely for one of the two: nobody guesses with money. */
function weigh(index: ExpectationIndex, places: readonly number[], rows: readonly Movement[]): Pair[] {
  const expected = places.map((place) => ({ place, is: likeness(index.row(place), place), scored: scoredOf(index.row(place)) }))
  const shown = rows.map((row, i) => ({ row, i, is: likeness(row, i), scored: scoredOf(row) }))
  /** Who wants whom with which score. */
  const wanted = createWants()
  const pairs = expected.flatMap((left) =>
    shown.flatMap((right) => {
      const score = scoreOf(left.scored, right.scored)
      if (score < SCORE_MIN) return []
      const sides = [`expected ${left.place} ${score}`, `shown ${right.i} ${score}`] as const
      wanted.add(sides[0], right.is)
      wanted.add(sides[1], left.is)
      return [{ place: left.place, row: right.row, score, sides }]
    }),
  )
  return pairs.filter(({ sides }) => sides.every((side) => wanted.by(side) === 1)).sort((a, b) => b.score - a.score)
}

function createWants() {
  const wants = new Map<string, Set<string>>()
  return {
    add(who: string, whom: string): void {
      wants.set(who, (wants.get(who) ?? new Set()).add(whom))
    },
    by: (who: string): number => wants.get(who)?.size ?? 0,
  }
}

/** Those alike are one as good as the other. Of nobody's money nothing is alike. */
function likeness({ day, counterparty }: Pick<Expectation, 'day' | 'counterparty'>, i: number): string {
  return counterparty === undefined ? `${i}` : `${day} ${counterparty}`
}

/** Of many: those of one counterparty in the order of their days. */
function weighAlike(index: ExpectationIndex, places: readonly number[], rows: readonly Movement[]): Pair[] {
  const expected = groupBy(places, (place) => nameKey(index.row(place).counterparty))
  const pairs: Pair[] = []
  for (const [key, shown] of groupBy(rows, (row) => nameKey(row.counterparty))) {
    if (key === '') continue
    const inOrder = (expected.get(key) ?? [])
      .map((place) => ({ place, scored: scoredOf(index.row(place)) }))
      .sort((a, b) => a.scored.day - b.scored.day)
    let at = 0
    for (const { row, scored } of shown.map((row) => ({ row, scored: scoredOf(row) })).sort((a, b) => a.scored.day - b.scored.day)) {
      // Whatever is too old for this one is too old for the later ones.
      while (at < inOrder.length && inOrder[at]!.scored.day < scored.day && scoreOf(inOrder[at]!.scored, scored) < SCORE_MIN) at++
      const next = inOrder[at]
      const score = next ? scoreOf(next.scored, scored) : 0
      if (!next || score < SCORE_MIN) continue
      pairs.push({ place: next.place, row, score })
      at++
    }
  }
  return pairs
}

function keyOf({ side, kind, asset, units }: Pick<Movement, 'side' | 'kind' | 'asset' | 'units'>): string {
  return `${side} ${kind} ${units} ${asset}`
}

function nameKey(counterparty: string | undefined): string {
  return [...scoredOf({ day: 0, counterparty }).words].sort().join(' ')
}

function groupBy<T>(things: readonly T[], key: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const thing of things) {
    const of = key(thing)
    const group = groups.get(of)
    if (group) group.push(thing)
    else groups.set(of, [thing])
  }
  return groups
}
