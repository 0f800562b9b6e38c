import { expect, test } from 'vitest'
import { endedRing } from './endedRing.ts'

test('the one that ended first leaves for the newest, once there is no room', () => {
  const ring = endedRing(2)
  expect(['a', 'b', 'c', 'd', 'e'].map(ring.push)).toEqual([undefined, undefined, 'a', 'b', 'c'])
  expect([...ring.ended].sort()).toEqual(['d', 'e'])
})

test('goes on where it was, from the lists of a snapshot, and begins anew when they were emptied', () => {
  const [before, after] = [endedRing(2), endedRing(2)]
  for (const id of ['a', 'b', 'c']) before.push(id)
  after.ended.push(...before.ended)
  after.oldest.splice(0, 1, ...before.oldest)
  expect(after.push('d')).toBe(before.push('d'))
  after.ended.length = 0
  after.oldest.length = 0
  expect([after.push('e'), after.push('f'), after.push('g')]).toEqual([undefined, undefined, 'e'])
})
