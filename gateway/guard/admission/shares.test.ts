import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createShares } from './shares.ts'

function open(max: number, parts = 2, floor = 0) {
  const time = { ms: 0 }
  const shares = createShares({ clock: { now: () => time.ms }, max, parts, lifeMs: 1_000, what: 'the things', floor })
  /** How many the owner gets before it is refused. */
  const fill = (owner: string, pool = 'p') => {
    const held: (() => void)[] = []
    for (;;) {
      try {
        held.push(shares.take(pool, owner))
      } catch {
        return held
      }
    }
  }
  return { time, shares, fill }
}

test('one alone gets half, the next half of the rest, and pools do not know each other', () => {
  const { fill } = open(120)
  expect([fill('a').length, fill('b').length, fill('c').length]).toEqual([60, 30, 15])
  expect(fill('a', 'q').length).toBe(60)
})

test('what is given back, or has lived its time, can be taken by anybody; giving back twice is giving back once', () => {
  const { time, shares, fill } = open(10)
  const ended: string[] = []
  const held = fill('a')
  for (const giveBack of [held[0]!, held[0]!]) giveBack()
  expect(fill('a').length).toBe(1)
  shares.take('p', 'b', () => ended.push('b'))
  expect(ended).toEqual([])
  time.ms += 1_000
  expect([fill('c').length, ended]).toEqual([5, ['b']])
})

test('it takes many networks to fill a pool, also one after the other', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 24 }), { maxLength: 600 }), (owners) => {
      const { shares, fill } = open(160, 8)
      for (const owner of owners) {
        try {
          shares.take('p', `network ${owner}`)
        } catch {
          // It holds its share.
        }
      }
      for (let owner = 1; owner <= 24; owner++) fill(`network ${owner}`)
      expect(() => shares.take('p', 'newcomer')).not.toThrow()
    }),
  )
})

test('with a floor nobody is shut out by others, and what is held is bounded by how many they are', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 3_000 }), (owners) => {
      const { fill, shares } = open(160, 8, 5)
      let held = 0
      for (const owner of owners) {
        try {
          shares.take('p', `network ${owner}`)
          held++
        } catch {
          // It holds its share.
        }
      }
      expect(held).toBeLessThanOrEqual(160 + 5 * new Set(owners).size)
      for (let owner = 1; owner <= 300; owner++) fill(`network ${owner}`)
      expect(fill('newcomer').length).toBe(5)
    }),
  )
})
