import { expect, test } from 'vitest'
import { leavingPrice } from './roomPrices.ts'

const ROWS = 2_000
/** What a sort of so many takes, several times over; looking at each beside each other would be two million. */
const READS_MAX = ROWS * 100

/** An order of rows in which each pivot from the middle is the least of what is left, found by answering each comparison as late as can be. */
function worstOrder(): number[] {
  const rank = new Array<number | undefined>(ROWS).fill(undefined)
  const rows = rank.map((_, i) => i)
  const isLess = (a: number, b: number) => rank[a] !== undefined && rank[a] < (rank[b] ?? Number.POSITIVE_INFINITY)
  let next = 0
  for (let [from, to] = [0, ROWS]; to - from > 1; ) {
    const pivot = rows[(from + to) >> 1]!
    rank[pivot] ??= next++
    let [below, i, above] = [from, from, to]
    while (i < above) {
      const here = rows[i]!
      if (here === pivot) {
        i++
        continue
      }
      const other = isLess(here, pivot) ? below++ : --above
      rows[i] = rows[other]!
      rows[other] = here
      if (isLess(here, pivot)) i++
    }
    from = above
  }
  return rank.map((known) => known ?? next++)
}

/** Worths that count how often one is read. */
function counted(worths: readonly number[]) {
  const state = { reads: 0 }
  const worth = new Proxy(Float64Array.from(worths), {
    get(target, key) {
      state.reads++
      return target[Number(key)]
    },
    set(target, key, value: number) {
      target[Number(key)] = value
      return true
    },
  })
  return { worth, reads: () => state.reads }
}

test.each([
  ['the worst that can be chosen', worstOrder()],
  ['by rising worth', Array.from({ length: ROWS }, (_, i) => i)],
])('the price at which a rail has room is found in few looks at its rows, whatever their order: %s', (_, ranks) => {
  for (const leaving of [1, ROWS / 2, ROWS - 3]) {
    const { worth, reads } = counted(ranks.map((rank) => rank + 1))
    expect(leavingPrice({ worth, units: new Float64Array(ROWS).fill(1), count: ROWS }, leaving)).toBe(leaving)
    expect(reads()).toBeLessThan(READS_MAX)
  }
})
