import { expect, test } from 'vitest'
import { createDueTimes } from './dueTimes.ts'

test('what is due comes longest due first, and no more of it than is asked for', () => {
  const times = createDueTimes()
  for (const [id, at] of [
    ['late', 30],
    ['first', 10],
    ['second', 20],
    ['beside', 10],
  ] as const)
    times.set(id, at)
  expect(times.due(9, 10)).toEqual([])
  expect(times.due(20, 10)).toEqual(['first', 'beside', 'second'])
  expect(times.due(30, 2)).toEqual(['first', 'beside'])
})

test('each has one time, its last', () => {
  const times = createDueTimes()
  times.set('one', 10)
  times.set('one', 30)
  expect(times.due(20, 10)).toEqual([])
  times.set('one', 20)
  expect([times.due(40, 10), times.timeOf('one')]).toEqual([['one'], 20])
  times.remove('one')
  times.remove('one')
  expect([times.due(40, 10), times.timeOf('one')]).toEqual([[], undefined])
})
