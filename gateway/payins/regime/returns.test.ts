import { expect, test } from 'vitest'
import { createReturns } from './returns.ts'

test('payers of a route are counted by how often they came, beside those of all routes', () => {
  const returns = createReturns()
  for (const payer of ['a', 'b', 'a', 'a', 'c', 'b']) returns.note('/joke', payer)
  expect(returns.of('/joke', 'a'), 'three payers say nothing yet').toEqual({ had: 3, reached: [], payments: 0 })
  for (let i = 0; i < 27; i++) returns.note('/other', `once ${i}`)
  // 30 payers in all. Of the route 3, 2 and 1 came so often; of all 30, 2 and 1, which count as 4 payers.
  expect(returns.of('/joke', 'a')).toEqual({ had: 3, reached: [3 * 30 + 4 * 30, 2 * 30 + 4 * 2, 30 + 4], payments: 6 * 30 + 4 * 33 })
  expect(returns.of('/new', undefined)).toEqual({ had: 0, reached: [4 * 30, 4 * 2, 4], payments: 4 * 33 })
})

test('who comes once leaves for who comes after, and what is asked about leaves nothing', () => {
  const returns = createReturns({ pairs: 100, routes: 3 })
  for (let i = 0; i < 10_000; i++) {
    returns.note(`/${i % 7}`, `stranger ${i}`)
    returns.of(`/${i}`, `asker ${i}`)
    if (i % 50 === 0) returns.note('/kept', 'regular')
  }
  expect(returns.size()).toBe(103)
  expect(returns.of('/kept', 'regular').had).toBe(200)
})
