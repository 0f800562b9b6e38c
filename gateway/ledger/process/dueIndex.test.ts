import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDueIndex } from './dueIndex.ts'

test('what is due comes out, the longest due first, at most so many, and once', () => {
  const due = createDueIndex()
  for (const [id, at] of [
    ['c', 3],
    ['a', 1],
    ['b', 1],
    ['d', 9],
  ] as const)
    due.set(id, at)
  expect([due.take(0, 9), due.take(3, 2), due.take(3, 9), due.take(3, 9), due.take(9, 9)]).toEqual([[], ['a', 'b'], ['c'], [], ['d']])
})

test('what is due may also be looked at, and stays, once each', () => {
  const due = createDueIndex()
  due.set('b', 2)
  due.set('a', 1)
  due.set('a', 3)
  due.set('a', 1)
  due.set('c', 9)
  expect([due.due(0, 9), due.due(3, 1), due.due(3, 9), due.due(3, 9), due.take(3, 9), due.due(3, 9)]).toEqual([
    [],
    ['a'],
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
    [],
  ])
})

test('only the newest time of an id counts, and one that is forgotten does not come', () => {
  const due = createDueIndex()
  due.set('a', 5)
  due.set('a', 2)
  due.set('a', 7)
  due.set('b', 1)
  due.set('b', undefined)
  expect([due.take(6, 9), due.take(7, 9)]).toEqual([[], ['a']])
})

test('it takes what looking at all of them would', () => {
  const step = fc.record({ id: fc.integer({ min: 0, max: 9 }), at: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 30 }), (steps, now) => {
      const due = createDueIndex()
      const kept = new Map<string, number>()
      for (const { id, at } of steps) {
        due.set(`${id}`, at)
        if (at === undefined) kept.delete(`${id}`)
        else kept.set(`${id}`, at)
      }
      const expected = [...kept]
        .filter(([, at]) => at <= now)
        .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
        .map(([id]) => id)
      expect(due.due(now, 100)).toEqual(expected)
      expect(due.take(now, 100)).toEqual(expected)
    }),
  )
})

test('a time that is set and forgotten again and again keeps no rows', () => {
  const due = createDueIndex()
  for (let i = 0; i < 5_000; i++) {
    due.set('a', 5)
    due.set('a', undefined)
    due.set('b', i)
  }
  expect([due.take(10_000, 9), due.take(10_000, 9)]).toEqual([['b'], []])
})
