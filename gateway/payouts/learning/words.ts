import { min } from '../../money/integers.ts'
import { OTHERS, placeFor, SLOTS_MAX, weightOf } from './cell.ts'

/** What a rail said of its chance, by whose tries: the mean of the last hundred words. `at` is when it said the last (ms). */
type WordRow = Readonly<{ owner: string; at: number; count: number; word: number }>
/** The lowest word first. */
export type Words = readonly WordRow[]

const COUNT_MAX = 100
/** All that others were told weighs so much at most, as in what is learned of time and fees. */
const OTHERS_WEIGHT_MAX = 40

export function withWord(words: Words, said: Readonly<{ owner: string; at: number; word: number }>): Words {
  const named = words.filter(({ owner }) => owner !== OTHERS)
  const known = named.find(({ owner }) => owner === said.owner)
  const place = known
    ? named.indexOf(known)
    : placeFor(
        named.map(({ at, count }) => ({ at, weight: count })),
        said.at,
      )
  const owner = place < SLOTS_MAX ? said.owner : OTHERS
  const before = place < SLOTS_MAX ? known : words.find((row) => row.owner === OTHERS)
  // Whose slot has faded makes way.
  const left = words.filter((row) => row !== before && row !== named[place])
  const count = min((before?.count ?? 0) + 1, COUNT_MAX)
  const word = before ? before.word + (said.word - before.word) / count : said.word
  return [...left, { owner, at: said.at, count, word }].sort((a, b) => a.word - b.word || (a.owner < b.owner ? -1 : 1))
}

/**
 * What the rail mostly says, for this party; undefined where it never said anything. It is the middle one of what each party was told, weighed as its tries
 * are: a mean could be moved by one who asks for routes that are hopeless.
 */
export function usualWord(words: Words, owner: string): number | undefined {
  let [own, others] = [0, 0]
  for (const row of words) {
    if (row.owner === owner) own = row.count
    else others += row.count
  }
  let heard = 0
  for (const row of words) if (row.owner !== owner) heard += weightOf(row.count, others)
  const scale = heard > OTHERS_WEIGHT_MAX ? OTHERS_WEIGHT_MAX / heard : 1
  const half = (own + heard * scale) / 2
  let below = 0
  for (const row of words) {
    below += row.owner === owner ? own : weightOf(row.count, others) * scale
    if (below >= half) return row.word
  }
  return words.at(-1)?.word
}
