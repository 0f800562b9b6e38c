import { expect, test } from 'vitest'
import { mustRecycle } from './memoryLimit.ts'

const MB = 1 << 20

test.each([
  [60, 1_023, 1_024, false],
  [60, 1_024, 1_024, true],
  [1_200, 1_200, 1_024, false],
  [1_200, 1_201, 1_024, true],
])('from %i MB to %i MB with a limit of %i MB: %s', (begunWith, now, max, recycle) => {
  expect(mustRecycle({ begunWith: begunWith * MB, now: now * MB, max: max * MB })).toBe(recycle)
})
