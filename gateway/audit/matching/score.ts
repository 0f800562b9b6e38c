import type { Expectation, Movement } from './rows.ts'

/** Of 100. The amount is the same already: without anything more it is not enough. */
const SAME_AMOUNT = 40
/** By how many days it may be off, and what that is worth. */
const DAYS: readonly (readonly [days: number, worth: number])[] = [
  [0, 25],
  [1, 20],
  [3, 12],
  [7, 4],
]
const SAME_COUNTERPARTY = 35
const LIKE_COUNTERPARTY = 20
const OTHER_COUNTERPARTY = -40
/** What is read of a name. */
const NAME_MAX = 140
/** Below it nobody says that two are one. */
export const SCORE_MIN = 60

/** What a score is made of. */
type Scored = Readonly<{ day: number; words: ReadonlySet<string> }>

/** How likely one is the other, where nothing names it: by day and counterparty, the amount being the same. */
export function scoreOf(expected: Scored, shown: Scored): number {
  const off = expected.day > shown.day ? expected.day - shown.day : shown.day - expected.day
  const day = DAYS.find(([days]) => off <= days)
  return day === undefined ? 0 : SAME_AMOUNT + day[1] + counterpartyScore(expected.words, shown.words)
}

function counterpartyScore(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  if (left.size === 0 || right.size === 0) return 0
  let shared = 0
  for (const word of left) if (right.has(word)) shared++
  if (shared === left.size && shared === right.size) return SAME_COUNTERPARTY
  // "Muster" and "Muster GmbH": the shorter name is in the longer one.
  return shared === left.size || shared === right.size ? LIKE_COUNTERPARTY : OTHER_COUNTERPARTY
}

export function scoredOf({ day, counterparty }: Pick<Expectation | Movement, 'day' | 'counterparty'>): Scored {
  return { day, words: wordsOf(counterparty ?? '') }
}

/** Lower case without accents and signs, because banks write names in capitals and in their own alphabet. */
function wordsOf(name: string): ReadonlySet<string> {
  const plain = name.slice(0, NAME_MAX).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return new Set(plain.match(/[\p{L}\p{N}]+/gu) ?? [])
}
