/** How long something took: counts in buckets that each reach half as far again as the one before, so a quantile is within a fifth of the truth. */
export type TimeSketch = readonly number[]

/** From 10 ms to some sixty days, and one bucket for what is longer. */
const FIRST_MS = 10
const RATIO = 1.5
const BUCKETS = 50
const UPPER_MS: readonly number[] = upperBounds()
/** When there are more the counts are halved, so that what was long ago weighs less. */
const COUNT_MAX = 1_000

export const EMPTY_SKETCH: TimeSketch = new Array<number>(BUCKETS + 1).fill(0)

function upperBounds(): number[] {
  const bounds: number[] = []
  for (let bound = FIRST_MS; bounds.length < BUCKETS; bound *= RATIO) bounds.push(bound)
  return bounds
}

function bucketOf(ms: number): number {
  let [low, high] = [0, BUCKETS]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ms <= UPPER_MS[middle]!) high = middle
    else low = middle + 1
  }
  return low
}

export function withTime(sketch: TimeSketch, ms: number): TimeSketch {
  const at = bucketOf(ms)
  const next = countOf(sketch) >= COUNT_MAX ? sketch.map((count) => count / 2) : sketch.slice()
  next[at]! += 1
  return next
}

export function countOf(sketch: TimeSketch): number {
  let sum = 0
  for (let i = 0; i < sketch.length; i++) sum += sketch[i]!
  return sum
}

/** The share of times that were at most this long; 0 when none is known. */
export function shareWithin(sketch: TimeSketch, ms: number): number {
  const count = countOf(sketch)
  if (count === 0) return 0
  const at = bucketOf(ms)
  let within = 0
  for (let i = 0; i <= at; i++) within += sketch[i]!
  return within / count
}

/** The time, rounded up to its bucket, that so many thousandths stay within; undefined when none is known. Beyond the last bucket it is that one's end. */
export function quantileMs(sketch: TimeSketch, thousandths: number): number | undefined {
  const count = countOf(sketch)
  if (count === 0) return undefined
  let within = 0
  for (let i = 0; i < sketch.length; i++) {
    within += sketch[i]!
    if (within * 1_000 >= count * thousandths) return UPPER_MS[i] ?? UPPER_MS[BUCKETS - 1]
  }
  return UPPER_MS[BUCKETS - 1]
}
