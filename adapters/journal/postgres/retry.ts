import { setTimeout as pause } from 'node:timers/promises'
import { isPassing } from './connectionError.ts'

const PAUSE_FIRST_MS = 20
const PAUSE_MS_MAX = 500

/**
 * Calls `attempt` until it answers, at most until `deadlineMs` have passed; then, or when an error will not pass, throws the last error. What is
 * tried must be harmless to repeat.
 */
export async function retry<T>(deadlineMs: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + deadlineMs
  let pauseMs = PAUSE_FIRST_MS
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!isPassing(error) || performance.now() + pauseMs > deadline) throw error
    }
    await pause(pauseMs)
    pauseMs = pauseMs * 2 < PAUSE_MS_MAX ? pauseMs * 2 : PAUSE_MS_MAX
  }
}
