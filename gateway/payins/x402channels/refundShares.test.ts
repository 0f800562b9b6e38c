import { expect, test } from 'vitest'
import { createRefundShares } from './refundShares.ts'

/** How many one network after the other is given, of those that it asks for. */
function given(
  networks: readonly string[],
  o: { isEarned: boolean; asks: number; day?: number; shares?: ReturnType<typeof createRefundShares> },
) {
  const { isEarned, day = 1, shares = createRefundShares() } = o
  const today = { all: 0, unearned: 0 }
  return networks.map((asker) => {
    let count = 0
    for (let n = 0; n < o.asks; n++) {
      if (!shares.take({ rail: 'evm:1', day, asker, isEarned, today })) continue
      today.all++
      if (!isEarned) today.unearned++
      count++
    }
    return count
  })
}

test('one network has as many refunds that did not earn their gas as are left for the others', () => {
  expect(given(['a', 'b', 'c', 'a'], { isEarned: false, asks: 60 })).toEqual([25, 13, 6, 0])
})

test('and so of all that there are in a day', () => {
  expect(given(['a', 'b', 'c'], { isEarned: true, asks: 300 })).toEqual([100, 50, 25])
})

test('all are used up at last, and the next day has its own', () => {
  const shares = createRefundShares()
  const networks = Array.from({ length: 60 }, (_, n) => `n${n}`)
  expect(given(networks, { isEarned: false, asks: 60, shares }).reduce((sum, n) => sum + n, 0)).toBe(50)
  expect(given(['n0'], { isEarned: false, asks: 60, day: 2, shares })).toEqual([25])
})
