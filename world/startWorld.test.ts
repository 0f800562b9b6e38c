import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readyOf } from './startWorld.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A part's process, as `fork` answers it: it speaks by messages and ends with an exit. */
const part = () => new EventEmitter() as EventEmitter & ChildProcess

test('a part that is slow and goes on is waited for', async () => {
  const child = part()
  const ready = readyOf(child, 'chain')
  for (let minutes = 0; minutes < 30; minutes += 5) {
    await vi.advanceTimersByTimeAsync(5 * 60_000)
    child.emit('message', { step: `after ${minutes} minutes` })
  }
  child.emit('message', { ready: { rpcUrl: 'http://127.0.0.1:1' } })
  expect(await ready).toEqual({ rpcUrl: 'http://127.0.0.1:1' })
})

test('a part that ends is told at once, and one that says nothing for long is given up', async () => {
  const ended = part()
  const endedReady = expect(readyOf(ended, 'chain')).rejects.toThrow(/chain ended before it was ready \(1\)/)
  ended.emit('exit', 1, null)
  await endedReady
  const silentReady = expect(readyOf(part(), 'bank')).rejects.toThrow(/bank/)
  await vi.advanceTimersByTimeAsync(11 * 60_000)
  await silentReady
})
