import { max, min } from '../../money/integers.ts'
import type { Clock } from '../../ports/clock.ts'

/** One that waited so long is refused in any case: nobody is served by an answer that comes after the caller has gone. */
const WAIT_MS_MAX = 1_000
/** For so long even the quickest must have waited too long, before late ones are refused: a burst is taken. */
const INTERVAL_MS = 100
/** In overload twice the target is waited for, so that the queue empties and does not flutter. */
const SLOUGH = 2

/**
 * Whether one that waited `ageMs` is refused. What waits longer than `targetMs` is late, when everything is: by the least wait of the last interval, as CoDel judges a router's queue (RFC 8289; for servers: "Fail at
 * Scale", ACM Queue 2015). A queue that empties now and then is a burst and no overload, however long it gets in between.
 */
export function createQueueAge({ clock, targetMs }: { clock: Clock; targetMs: number }) {
  let endsAt = 0
  let least = 0
  let overloaded = false
  return {
    isTooOld(ageMs: number): boolean {
      const now = clock.now()
      if (now >= endsAt) {
        // After a pause nothing is known of the queue: it was empty.
        overloaded = now < endsAt + INTERVAL_MS && least > targetMs
        endsAt = now + INTERVAL_MS
        least = ageMs
      }
      // A clock that was set back ends the interval at once.
      endsAt = min(endsAt, now + INTERVAL_MS)
      least = min(least, max(ageMs, 0))
      return ageMs > (overloaded ? targetMs * SLOUGH : WAIT_MS_MAX)
    },
  }
}
