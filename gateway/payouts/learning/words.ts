import { min } from '../../money/integers.ts'
import { OTHERS, placeFor, placeOfOwner, SLOTS_MAX, weightOf } from './cell.ts'

/** What a rail said of its chance, by whose tries: the mean of the last hundred words. `at` is when it said the last (ms). */
type WordRow = Readonly<{ owner: string; at: number; count: number; word: number }>
/** The lowest word first. */
export type Words = readonly WordRow[]
type Said = Readonly<{ owner: string; at: number; word: number }>

const COUNT_MAX = 100
/** All that others were told weighs so much at most, as in what is learned of time and fees. */
const OTHERS_WEIGHT_MAX = 40

export function withWord(words: Words, said: Said): Words {
  const known = placeOfOwner(words, said.owner)
  if (known < 0) return withNewOwner(words, said)
  const next = rowAfter(words[known], said)
  const left = words.slice()
  left[known] = next
  return isBetween(words[known - 1], next, words[known + 1]) ? left : left.sort(inOrder)
}

/** Whose slot has faded makes way; who finds none shares that of all others. */
function withNewOwner(words: Words, said: Said): Words {
  const named = words.filter(({ owner }) => owner !== OTHERS)
  const place = placeFor(
    named.map(({ at, count }) => ({ at, weight: count })),
    said.at,
  )
  const isShared = place >= SLOTS_MAX
  const before = isShared ? words.find((row) => row.owner === OTHERS) : undefined
  const left = words.filter((row) => row !== before && row !== named[place])
  return [...left, rowAfter(before, isShared ? { ...said, owner: OTHERS } : said)].sort(inOrder)
}

function rowAfter(before: WordRow | undefined, { owner, at, word }: Said): WordRow {
  if (!before) return { owner, at, count: 1, word }
  const count = min(before.count + 1, COUNT_MAX)
  return { owner, at, count, word: before.word + (word - before.word) / count }
}

function inOrder(a: WordRow, b: WordRow): number {
  return a.word - b.word || (a.owner < b.owner ? -1 : 1)
}

function isBetween(below: WordRow | undefined, row: WordRow, above: WordRow | undefined): boolean {
  return (!below || inOrder(below, row) < 0) && (!above || inOrder(row, above) < 0)
}

/**
 * What the rail mostly says, for this party; undefined where it never said anything. It is the middle one of what each party was told, weighed as its tries
 * are: a mean could be moved by one who asks for routes that are hopeless.
 */
export function usualWord(words: Words, owner: string): number | undefined {
  let [own, others] = [0, 0]
  for (let i = 0; i < words.length; i++) {
    if (words[i]!.owner === owner) own = words[i]!.count
    else others += words[i]!.count
  }
  let heard = 0
  for (let i = 0; i < words.length; i++) if (words[i]!.owner !== owner) heard += weightOf(words[i]!.count, others)
  const scale = heard > OTHERS_WEIGHT_MAX ? OTHERS_WEIGHT_MAX / heard : 1
  const half = (own + heard * scale) / 2
  let below = 0
  for (let i = 0; i < words.length; i++) {
    const row = words[i]!
    below += row.owner === owner ? own : weightOf(row.count, others) * scale
    if (below >= half) return row.word
  }
  return words.at(-1)?.word
}
