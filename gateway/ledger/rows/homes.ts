import { compareWords, isMax128 } from './words.ts'

/**
 * How the segments of a log divide the ids among them: for each segment four words, the highest id that is looked for in it. Its lowest is what follows the
 * highest of the segment before. A segment that has never been full has the largest number.
 */
type Homes = Readonly<{ highest: Uint32Array; segments: Readonly<{ length: number }> }>

/** The number of the segment that ids of this size are looked for in: the first whose highest id is not below it. */
export function homeOf(homes: Homes, id: Uint32Array, at: number): number {
  let low = 0
  let high = homes.segments.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareWords(id, at, homes.highest, 4 * middle, 4) > 0) low = middle + 1
    else high = middle
  }
  return low
}

/** True when an id of segment `n` is looked for there. */
export function isAtHome(homes: Homes, n: number, id: Uint32Array, at: number): boolean {
  const { highest } = homes
  if (n > 0 && compareWords(id, at, highest, 4 * (n - 1), 4) <= 0) return false
  return compareWords(id, at, highest, 4 * n, 4) <= 0
}

/** False for a segment that has never been full. The largest number is nobody's id. */
export function isClosed(homes: Homes, n: number): boolean {
  return !isMax128(homes.highest, 4 * n)
}
