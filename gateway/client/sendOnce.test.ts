import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { replayableRequest } from './replayableRequest.ts'
import { SEND_TIMEOUT_MS, sendOnce } from './sendPaid.ts'

beforeEach(() => {
  vi.useFakeTimers()
  // The one clock that is not faked with the others.
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const control = new AbortController()
    setTimeout(() => control.abort(), ms)
    return control.signal
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** Whether the request is broken off when its answer, of this status, has come in time and its body has not. */
async function brokenOff(status: number): Promise<boolean> {
  let signal: AbortSignal | null | undefined
  await sendOnce(
    async (_, init) => {
      signal = init.signal
      return new Response('the first of many parts', { status })
    },
    replayableRequest('https://api.example.com/long', undefined),
  )
  vi.advanceTimersByTime(SEND_TIMEOUT_MS + 1)
  return signal!.aborted
}

test('an answer that has begun may take its time: a long body was paid for', async () => {
  expect(await brokenOff(200)).toBe(false)
})

test('a 402 may not: it is read whole before anything is paid', async () => {
  expect(await brokenOff(402)).toBe(true)
})
