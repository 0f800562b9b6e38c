import { expect, test } from 'vitest'
import { createEnds } from './ends.ts'

/** Far beyond any test: who waits so long waits for something else to happen. */
const LONG_MS = 3_600_000

test('everyone who waits for an end is told of it, and nobody who waits for another', async () => {
  const ends = createEnds()
  const told = [ends.wait('a', { timeoutMs: LONG_MS }), ends.wait('a', { timeoutMs: LONG_MS })]
  const stopping = new AbortController()
  const other = ends.wait('b', { timeoutMs: LONG_MS, signal: stopping.signal })
  expect(ends.size()).toBe(3)
  ends.notify('a')
  await Promise.all(told)
  expect(ends.size()).toBe(1)
  stopping.abort()
  await other
  expect(ends.size()).toBe(0)
})

test('an end that nobody waits for is nothing', () => {
  const ends = createEnds()
  ends.notify('a')
  expect(ends.size()).toBe(0)
})

test('the wait is over when its time is up', async () => {
  const ends = createEnds()
  await ends.wait('a', { timeoutMs: 1 })
  expect(ends.size()).toBe(0)
})

test('who has gone already is not waited for', async () => {
  const ends = createEnds()
  await ends.wait('a', { timeoutMs: LONG_MS, signal: AbortSignal.abort() })
  expect(ends.size()).toBe(0)
})
