import { afterEach, expect, test, vi } from 'vitest'
import { flowing, UNREAD_MS } from './flow.ts'

afterEach(() => vi.useRealTimers())

/** Words without end, and what became of their flow. */
function open() {
  const [end, destroy] = [vi.fn(), vi.fn()]
  async function* words() {
    for (;;) yield 'word'
  }
  const parts = words()
  const source = { [Symbol.asyncIterator]: () => parts, destroy }
  const reader = flowing(source, { owes: () => false, covered: async () => {}, end, onCut: () => {} }).getReader()
  return { reader, end, destroy }
}

test('a stream of which nothing more is read is over when its time is, as one whose reader has gone', async () => {
  vi.useFakeTimers()
  const { reader, end, destroy } = open()
  await reader.read()
  await vi.advanceTimersByTimeAsync(UNREAD_MS - 1)
  expect(end).not.toHaveBeenCalled()
  // Who reads has as long again.
  await reader.read()
  await vi.advanceTimersByTimeAsync(UNREAD_MS - 1)
  expect(end).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect([end.mock.calls.length, destroy.mock.calls.length]).toEqual([1, 1])
  await expect(reader.read()).rejects.toThrow('nothing of it was read')
})

test('a stream whose reader leaves waits for nobody', async () => {
  vi.useFakeTimers()
  const { reader, end } = open()
  await reader.read()
  await reader.cancel()
  expect([end.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0])
})
