import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FromStreams, ToStreams } from './streamLink.ts'
import { createStreams, type Sink } from './streams.ts'

const LIMITS = { perCaller: 2, inAll: 3, beatMs: 1_000, stalledMs: 5_000 }
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Streams whose thread is played by the test. */
function open() {
  const posted: ToStreams[] = []
  let onText: (message: FromStreams) => void = () => undefined
  let onEnded: () => void = () => undefined
  const streams = createStreams({
    thread: (text, ended) => {
      ;[onText, onEnded] = [text, ended]
      return { post: (message) => void posted.push(message), close: async () => undefined }
    },
    limits: LIMITS,
    now: () => Date.now(),
  })
  return { streams, posted, tell: (message: FromStreams) => onText(message), threadEnds: () => onEnded() }
}

/** A reader that takes what it is given only when `take` is called, or at once. */
function reader(o: { lazy?: boolean; mayUntil?: number } = {}) {
  const waiting: (() => void)[] = []
  const got: string[] = []
  let ended = false
  const sink: Sink = {
    may: () => Date.now() < (o.mayUntil ?? Number.POSITIVE_INFINITY),
    write(chunk, taken) {
      got.push(Buffer.from(chunk).toString())
      if (o.lazy) waiting.push(taken)
      else taken()
    },
    end: () => {
      ended = true
    },
  }
  return { sink, got, ended: () => ended, take: () => waiting.splice(0).forEach((taken) => void taken()) }
}

test('a reader that takes nothing is let go, and the others go on', async () => {
  const { streams, posted, tell } = open()
  const [eager, lazy] = [reader(), reader({ lazy: true })]
  streams.open('a', {}, '', eager.sink)
  streams.open('b', {}, 'evt_1', lazy.sink)
  lazy.take()
  tell({ streams: [1, 2], text: 'id: evt_2\n\n' })
  await vi.advanceTimersByTimeAsync(LIMITS.beatMs)
  expect(posted).toContainEqual({ kind: 'taken', streams: [1] })
  await vi.advanceTimersByTimeAsync(LIMITS.stalledMs)
  expect([eager.ended(), lazy.ended()]).toEqual([false, true])
  expect(posted.at(-1)).toEqual({ kind: 'close', stream: 2 })
  // What waits for it is what it was given once, with no sign of life behind it.
  expect(lazy.got).toEqual(['retry: 1000\nid: evt_1\n\n', 'id: evt_2\n\n'])
  expect(eager.got.slice(0, 3)).toEqual(['retry: 1000\nid: first\n\n', 'id: evt_2\n\n', ':\n\n'])
  streams.endAll()
  expect(vi.getTimerCount()).toBe(0)
})

test('a reader whose key has ended is let go at the next beat', async () => {
  const { streams } = open()
  const [ending, other] = [reader({ mayUntil: Date.now() + 1_500 }), reader()]
  streams.open('a', {}, '', ending.sink)
  streams.open('b', {}, '', other.sink)
  await vi.advanceTimersByTimeAsync(LIMITS.beatMs)
  expect(ending.ended()).toBe(false)
  await vi.advanceTimersByTimeAsync(LIMITS.beatMs)
  expect([ending.ended(), other.ended()]).toEqual([true, false])
  streams.endAll()
})

test('streams are so many for a caller and so many in all, and room again when one is closed', () => {
  const { streams } = open()
  const close = streams.open('a', {}, '', reader().sink)
  streams.open('a', {}, '', reader().sink)
  expect(() => streams.check('a')).toThrow(expect.objectContaining({ code: 'too_many_streams' }))
  streams.open('b', {}, '', reader().sink)
  expect(() => streams.check('b')).toThrow(expect.objectContaining({ code: 'too_many_streams' }))
  close()
  expect(() => streams.check('a')).not.toThrow()
  streams.endAll()
})

test('when its thread ends, every reader is let go to come again', () => {
  const { streams, threadEnds } = open()
  const one = reader()
  streams.open('a', {}, '', one.sink)
  threadEnds()
  expect(one.ended()).toBe(true)
})
