import type { Clock } from '../ports/clock.ts'

/** So long a simulation is believed: a server verifies, does its work and settles. What is sent is simulated once more by the rail. */
const BELIEVED_MS = 30_000
const KEPT_MAX = 10_000

/** Payments that a simulation took a moment ago; the oldest leaves for a new one. */
export function createTried(clock: Clock) {
  const at = new Map<string, number>()
  return {
    has: (fingerprint: string): boolean => clock.now() - (at.get(fingerprint) ?? Number.NEGATIVE_INFINITY) < BELIEVED_MS,
    add(fingerprint: string): void {
      at.delete(fingerprint)
      at.set(fingerprint, clock.now())
      const [oldest] = at.keys()
      if (at.size > KEPT_MAX && oldest !== undefined) at.delete(oldest)
    },
    drop: (fingerprint: string): void => void at.delete(fingerprint),
  }
}
