import { max, min } from '../../money/integers.ts'
import type { Clock } from '../../ports/clock.ts'

/** One that waited so long is refused in any case: nobody is served by an answer that comes after the caller has gone. */
const WAIT_MS_MAX = 1_000
/** For so long even the shortest turn must have been too long, before late ones are refused: a burst is taken. */
const INTERVAL_MS = 100
/** Of what is refused no line is written for each: a line a while says how many. */
const TELL_MS = 1_000
/** In overload twice the target is waited for, so that the queue empties and does not flutter. */
const SLOUGH = 2

/**
 * Whether one that waited `ageMs` is refused, in a turn of which the one before took `turnMs` without any rest. What waits longer than `targetMs` is late, when
 * everything is: by the shortest turn of the last interval, as CoDel judges a router's queue by the least wait (RFC 8289; for servers: "Fail at Scale", ACM
 * Queue 2015). The first that is read in a turn seems to have waited little however long the turn is, so single waits say nothing of the queue. A queue that
 * empties now and then is a burst and no overload, however long it gets in between. `onRefused` is told how many
 * were, once a second at most.
 */
export function createQueueAge(o: { clock: Clock; targetMs: number; onRefused: (count: number) => void }) {
  const { clock, targetMs } = o
  let endsAt = 0
  let least = 0
  let overloaded = false
  let refused = 0
  let tellAt = 0

  function tell(now: number): void {
    if (refused === 0 || now < tellAt) return
    o.onRefused(refused)
    refused = 0
    tellAt = now + TELL_MS
  }

  return {
    isTooOld(ageMs: number, turnMs: number): boolean {
      const now = clock.now()
      tell(now)
      if (now >= endsAt) {
        // After a pause nothing is known of the queue: it was empty.
        overloaded = now < endsAt + INTERVAL_MS && least > targetMs
        endsAt = now + INTERVAL_MS
        least = turnMs
      }
      // A clock that was set back ends the interval at once.
      endsAt = min(endsAt, now + INTERVAL_MS)
      least = min(least, max(turnMs, 0))
      if (ageMs <= (overloaded ? targetMs * SLOUGH : WAIT_MS_MAX)) return false
      refused++
      return true
    },
  }
}
