import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBuckets } from './buckets.ts'

function open(keysMax = 100) {
  const time = { ms: 1_800_000_000_000 }
  return { time, ...createBuckets({ clock: { now: () => time.ms }, rate: { perS: 10, burst: 5 }, keysMax }) }
}

test('a burst is taken, then one each time a token has come back, and who waits as told is taken', () => {
  const { time, take } = open()
  expect(Array.from({ length: 6 }, () => take('a'))).toEqual([0, 0, 0, 0, 0, 100])
  expect(take('b')).toBe(0)
  time.ms += 99
  expect(take('a')).toBe(1)
  time.ms += 1
  expect([take('a'), take('a')]).toEqual([0, 100])
  time.ms += 3_600_000
  expect(Array.from({ length: 6 }, () => take('a'))).toEqual([0, 0, 0, 0, 0, 100])
})

test('a refusal takes nothing, and what is given back can be taken again', () => {
  const { take, give } = open()
  expect(take('a', 5)).toBe(0)
  expect([take('a', 5), take('a', 1)]).toEqual([500, 100])
  give('a', 2)
  expect([take('a', 2), take('a')]).toEqual([0, 100])
})

test('what is left is what can be taken, also where others have filled the table', () => {
  const { time, take, left } = open()
  expect(left('a')).toEqual({ tokens: 5, fullInMs: 0 })
  take('a', 3)
  expect(left('a')).toEqual({ tokens: 2, fullInMs: 300 })
  time.ms += 150
  expect([left('a'), take('a', 3), left('a').tokens]).toEqual([{ tokens: 3, fullInMs: 150 }, 0, 0])
  const full = open(2)
  for (const key of ['a', 'b', 'c']) full.take(key, 2)
  expect([full.left('d'), full.take('d', 4), full.take('d', 3)]).toEqual([{ tokens: 3, fullInMs: 200 }, 100, 0])
})

test('however it is asked, nobody gets more than the burst and what came back since', () => {
  const call = fc.record({ pauseMs: fc.nat(300), tokens: fc.integer({ min: 1, max: 5 }) })
  fc.assert(
    fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
      const { time, take } = open()
      const begin = time.ms
      let got = 0
      for (const { pauseMs, tokens } of calls) {
        time.ms += pauseMs
        if (take('a', tokens) === 0) got += tokens
        expect(got * 100).toBeLessThanOrEqual(500 + time.ms - begin)
      }
    }),
  )
})

test('a table that others fill forgets no debt; newcomers share one bucket until there is room', () => {
  const { time, take } = open(50)
  for (let i = 0; i < 5; i++) take('debtor')
  const flood = Array.from({ length: 1_000 }, (_, i) => take(`flood ${i}`))
  // 49 found room, and the rest had one burst between them.
  expect(flood.filter((waitMs) => waitMs === 0).length).toBe(49 + 5)
  expect(take('debtor')).toBe(100)
  expect(take('newcomer')).toBe(100)
  time.ms += 600
  expect(Array.from({ length: 6 }, () => take('newcomer'))).toEqual([0, 0, 0, 0, 0, 100])
})
