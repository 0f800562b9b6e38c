import { describe, expect, test } from 'vitest'
import { feeBy, fitOf } from './feeLine.ts'
import { feesIn, type Kept, paceIn, withMet } from './kept.ts'

const START = 1_800_000_000_000
const AMOUNTS = [1_000, 20_000, 500_000, 3_000_000]

/** So many payments of one party, a second apart. */
function paid(kept: Kept, owner: string, o: { count: number; pace?: number; fee?: (amount: number, n: number) => number }): Kept {
  let next = kept
  for (let n = 0; n < o.count; n++) {
    const amount = AMOUNTS[n % AMOUNTS.length]!
    const fee = o.fee && { amount, fee: o.fee(amount, n) }
    next = withMet(next, { owner, at: START + n * 1_000, pace: o.pace, fee })
  }
  return next
}

const line = (amount: number) => 50 + amount * 0.002

describe('how long a rail takes', () => {
  test('is its word while nobody has paid, and what it takes once many have', () => {
    expect(paceIn([], 'a')).toBe(1)
    const kept = paid([], 'a', { count: 50, pace: 4 })
    expect(paceIn(kept, 'a')).toBeCloseTo((10 + 50 * 4) / 60, 6)
    expect(paceIn(paid(kept, 'a', { count: 60, pace: 1 }), 'a')).toBeLessThan(2)
  })

  test('is not what one stranger makes of it, who lets his own payments hang', () => {
    const many = ['b', 'c', 'd', 'e'].reduce((kept, owner) => paid(kept, owner, { count: 20, pace: 1 }), [] as Kept)
    const hung = paid(many, 'stranger', { count: 500, pace: 86_400 })
    expect(paceIn(hung, 'stranger')).toBeGreaterThan(50)
    const share = 40 / (10 + 80 + 40)
    expect(paceIn(hung, 'newcomer')).toBeLessThan(1 + 100 * share)
    expect(paceIn(paid(hung, 'a', { count: 50, pace: 1 }), 'a')).toBeLessThan(17)
    // Of nobody but the stranger five count, and weigh less than the rail's word.
    expect(paceIn(paid([], 'stranger', { count: 500, pace: 86_400 }), 'newcomer')).toBeCloseTo((10 + 5 * 100) / 15, 6)
  })

  test('has seventeen rows whoever pays', () => {
    let kept: Kept = []
    for (let n = 0; n < 100; n++) kept = paid(kept, `party:${n}`, { count: 1, pace: 2 })
    expect(kept).toHaveLength(17)
  })
})

describe('what a rail charges', () => {
  test('is a line once there are enough payments, within the amounts that were paid', () => {
    expect(fitOf(feesIn(paid([], 'a', { count: 29, fee: line }), 'a')).grade).toBe('thin')
    const fees = feesIn(paid([], 'a', { count: 30, fee: line }), 'a')
    expect(fitOf(fees).grade).toBe('good')
    expect(feeBy(fees, 100_000)).toBeCloseTo(250, 3)
    expect(feeBy(fees, 999)).toBeUndefined()
    expect(feeBy(fees, 3_000_001)).toBeUndefined()
  })

  test('is none where the fee follows something else', () => {
    const fees = feesIn(paid([], 'a', { count: 300, fee: (amount, n) => line(amount) * (n % 3) }), 'a')
    expect(fitOf(fees).grade).toBe('non_linear')
    expect(feeBy(fees, 100_000)).toBeUndefined()
  })

  test('is found from amounts of many digits, and follows a new price', () => {
    const far = 10 ** 14
    let kept: Kept = []
    for (let n = 0; n < 400; n++) kept = withMet(kept, { owner: 'a', at: START, pace: undefined, fee: { amount: far + n, fee: 7 + n } })
    expect(fitOf(feesIn(kept, 'a')).share).toBeCloseTo(1, 6)
    const dearer = paid(paid([], 'a', { count: 400, fee: line }), 'a', { count: 4_000, fee: (amount) => line(amount) * 2 })
    expect(feeBy(feesIn(dearer, 'a'), 100_000)).toBeCloseTo(500, 1)
  })

  test('is not what one stranger was charged, who takes the fees himself', () => {
    const mine = paid([], 'a', { count: 60, fee: line })
    const both = paid(mine, 'stranger', { count: 4_000, fee: (amount) => amount })
    // At worst nothing is known of it, and the rail's word stands: his payments count for five of sixty-five.
    expect(feesIn(both, 'a').n).toBeCloseTo(65, 6)
    expect(feeBy(feesIn(both, 'a'), 100_000)).toBeUndefined()
    expect(feesIn(both, 'newcomer').n).toBeLessThan(4_000)
  })
})
