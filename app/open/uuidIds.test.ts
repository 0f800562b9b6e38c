import { expect, test } from 'vitest'
import { entryKey, isEntryId } from '../../gateway/ledger/journal/legIds.ts'
import { uuidIds } from './uuidIds.ts'

const NOW = 1_800_000_000_000

test('an id is a UUIDv7 behind its prefix and carries the time', () => {
  const id = uuidIds({ now: () => NOW }).next('en_')
  expect(isEntryId(id)).toBe(true)
  expect(Number.parseInt(id.slice(3, 15), 16)).toBe(NOW)
  expect(id.slice(3)).toMatch(/^.{12}7.{3}[89ab].{15}$/)
})

test('ids ascend while the clock stands, is set back and goes on, and entry ids differ before their last byte', () => {
  let now = NOW
  const ids = uuidIds({ now: () => now })
  const all: `en_${string}`[] = []
  for (const at of [NOW, NOW - 5000, NOW + 1]) {
    now = at
    for (let i = 0; i < 20_000; i++) all.push(ids.next('en_'))
  }
  expect([...all].sort()).toEqual(all)
  expect(new Set(all.map(entryKey)).size).toBe(all.length)
})

test('two sources do not give the same id in the same millisecond', () => {
  const clock = { now: () => NOW }
  const [a, b] = [uuidIds(clock), uuidIds(clock)]
  const all = Array.from({ length: 1000 }, () => [a.next('pi_'), b.next('pi_')]).flat()
  expect(new Set(all).size).toBe(2000)
})
