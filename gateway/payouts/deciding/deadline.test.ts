import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { withDeadline } from './deadline.ts'

const LATE = 'late'

test('a call that has answered leaves nothing on the signals that it was given', async () => {
  const stop = new AbortController()
  let given: AbortSignal | undefined
  const work = async (signal: AbortSignal) => {
    given = signal
    return 'answered'
  }
  expect(await withDeadline({ ms: 60_000, late: LATE, stop: stop.signal, work })).toBe('answered')
  expect(getEventListeners(given!, 'abort')).toEqual([])
  expect(getEventListeners(stop.signal, 'abort')).toEqual([])
})

test('a call that does not answer is late after its time, or when its caller stops, and is told so', async () => {
  const [stop, stopped] = [new AbortController(), AbortSignal.abort()]
  const signals: AbortSignal[] = []
  const work = (signal: AbortSignal) => {
    signals.push(signal)
    return new Promise<never>(() => {})
  }
  expect(await withDeadline({ ms: 1, late: LATE, stop: stop.signal, work })).toBe(LATE)
  const waiting = withDeadline({ ms: 60_000, late: LATE, stop: stop.signal, work })
  stop.abort()
  expect(await waiting).toBe(LATE)
  expect(await withDeadline({ ms: 60_000, late: LATE, stop: stopped, work })).toBe(LATE)
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true])
})
