import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepSubscribed } from './keepSubscribed.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function streams() {
  const opened: EventEmitter[] = []
  const data: unknown[] = []
  const broken: unknown[] = []
  const subscription = keepSubscribed({
    event: 'news',
    open: () => {
      const emitter = new EventEmitter()
      opened.push(emitter)
      return emitter
    },
    onData: (item) => data.push(item),
    onBroken: (error) => broken.push(error),
  })
  return { opened, data, broken, subscription }
}

test('a stream that breaks is opened again, later each time, and at once again after an event', () => {
  const { opened, broken, data } = streams()
  const openedAfter = (ms: number) => {
    opened.at(-1)!.emit('error', [503, 'broke'])
    vi.advanceTimersByTime(ms - 1)
    const before = opened.length
    vi.advanceTimersByTime(1)
    return opened.length - before
  }
  expect([openedAfter(250), openedAfter(500), openedAfter(1_000)]).toEqual([1, 1, 1])
  expect(broken).toHaveLength(1)
  opened.at(-1)!.emit('news', 'hello')
  expect(data).toEqual(['hello'])
  expect(openedAfter(250)).toBe(1)
  expect(broken).toHaveLength(2)
})

test('the second error of one break, which has no value, changes nothing', () => {
  const { opened, broken } = streams()
  const first = opened[0]!
  // As the client does: it asks for listeners before each.
  const say = (error: unknown) => first.listenerCount('error') > 0 && first.emit('error', error)
  say([503, 'broke'])
  say(undefined)
  vi.advanceTimersByTime(60_000)
  expect(opened).toHaveLength(2)
  expect(broken).toHaveLength(1)
})

test('a stream that is renewed drops the old one, and one that is stopped stays closed', () => {
  const { opened, subscription, data } = streams()
  subscription.renew()
  opened[0]!.emit('news', 'of the old one')
  opened[1]!.emit('news', 'of the new one')
  expect(data).toEqual(['of the new one'])
  expect(opened[0]!.listenerCount('news')).toBe(0)
  subscription.stop()
  expect(opened[1]!.listenerCount('news')).toBe(0)
  vi.advanceTimersByTime(60_000)
  expect(opened).toHaveLength(2)
})
