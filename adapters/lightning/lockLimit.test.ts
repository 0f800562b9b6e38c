import { expect, test } from 'vitest'
import { lockBlocksMax, refusedLock } from './lockLimit.ts'

test.each([
  [1n, 432],
  [9_999_999n, 432],
  [10_000_000n, 1_008],
  [999_999_999n, 1_008],
  [1_000_000_000n, 2_016],
  [10n ** 14n, 2_016],
])('%i msat may be locked for %i blocks', (msat, blocks) => {
  expect(lockBlocksMax(msat)).toBe(blocks)
  expect(refusedLock(blocks, msat)).toBeUndefined()
  expect(refusedLock(blocks + 1, msat)).toContain(`for at most ${blocks}`)
})
