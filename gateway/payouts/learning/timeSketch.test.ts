import { expect, test } from 'vitest'
import { countOf, EMPTY_SKETCH, quantileMs, shareWithin, type TimeSketch, withTime } from './timeSketch.ts'

const sketchOf = (times: readonly number[]) => times.reduce<TimeSketch>(withTime, EMPTY_SKETCH)

test('a quantile is within half of the true one, from ten milliseconds to sixty days', () => {
  for (const unit of [10, 1_000, 60_000, 3_600_000]) {
    const times = Array.from({ length: 500 }, (_, i) => unit * (1 + i))
    for (const thousandths of [100, 500, 900, 990]) {
      const [true_, found] = [unit * Math.ceil((500 * thousandths) / 1_000), quantileMs(sketchOf(times), thousandths)!]
      expect(found).toBeGreaterThanOrEqual(true_)
      expect(found).toBeLessThan(true_ * 1.5)
    }
  }
})

test('nothing known has no quantile, and no share', () => {
  expect(quantileMs(EMPTY_SKETCH, 500)).toBeUndefined()
  expect(shareWithin(EMPTY_SKETCH, 1_000_000)).toBe(0)
})

test('what is longer than anything counts, and is never within', () => {
  const sketch = sketchOf([1, 10 * 365 * 86_400_000])
  expect(shareWithin(sketch, 86_400_000)).toBe(0.5)
  expect(countOf(sketch)).toBe(2)
})

test('old times weigh less, so that a rail that has become slow is seen to be', () => {
  const sketch = sketchOf([...new Array<number>(5_000).fill(1_000), ...new Array<number>(2_000).fill(60_000)])
  expect(quantileMs(sketch, 500)).toBeGreaterThan(60_000)
  expect(countOf(sketch)).toBeLessThanOrEqual(1_000)
})
