import { max, min } from '../../money/integers.ts'
import type { Clock } from '../../ports/clock.ts'

/** One that waited so long is refused in any case: nobody is served by an answer that comes after the caller has gone. */
const WAIT_MS_MAX = 1_000
/** For so long even the shortest turn must have been too long, before late ones are refused: a burst is taken. */
const INTERVAL_MS = 100
/** After so long without a late one the overload has passed. */
const CALM_MS = 500
/** In overload: a turn of so much of the target is short, and for so much of it a turn takes on work, most of which is done in later ones. */
const [SHORT_PART, TAKEN_PART] = [1 / 5, 1 / 40]
/** Of what is refused no line is written for each: a line a while says how many. */
const TELL_MS = 1_000

/**
 * Whether one that waited `ageMs` is refused, in a turn of which the one before took `turnMs` without any rest. What waits longer than `targetMs` is late, when
 * everything is: by the shortest turn of the last interval, as CoDel judges a router's queue by the least wait (RFC 8289; for servers: "Fail at Scale", ACM
 * Queue 2015). The first that is read in a turn seems to have waited little however long the turn is, so single waits say nothing of the queue. A queue that
 * empties now and then is a burst and no overload, however long it gets in between.
 *
 * In overload each turn is judged by itself, until none was late for a while: after a turn longer than the target all are refused, which makes the next one
 * short; a short one takes on those that it reads at its beginning. `onRefused` is told how many were refused, once a second at most.
 */
export function createQueueAge(o: { clock: Clock; targetMs: number; onRefused: (count: number) => void }) {
  const { clock, targetMs } = o
  const [shortMs, takenForMs] = [targetMs * SHORT_PART, targetMs * TAKEN_PART]
  let endsAt = 0
  let least = 0
  /** Until when each turn is judged by itself. */
  let strictUntil = -Infinity
  let refused = 0
  let tellAt = 0

  function tell(now: number): void {
    if (refused === 0 || now < tellAt) return
    o.onRefused(refused)
    refused = 0
    tellAt = now + TELL_MS
  }

  /** After a pause nothing is known of the queue: it was empty. */
  function judge(now: number, turnMs: number): void {
    if (now >= endsAt) {
      if (now < endsAt + INTERVAL_MS && least > targetMs) strictUntil = now + CALM_MS
      endsAt = now + INTERVAL_MS
      least = turnMs
    }
    // After a clock that was set back nothing is known either.
    if (strictUntil > now + CALM_MS) strictUntil = -Infinity
    if (endsAt > now + INTERVAL_MS) [endsAt, least] = [now + INTERVAL_MS, 0]
    least = min(least, max(turnMs, 0))
  }

  return {
    isTooOld(ageMs: number, turnMs: number): boolean {
      const now = clock.now()
      tell(now)
      judge(now, turnMs)
      const isStrict = now < strictUntil
      const isLate = isStrict ? turnMs > shortMs || ageMs > takenForMs : ageMs > WAIT_MS_MAX
      if (!isLate) return false
      if (isStrict) strictUntil = now + CALM_MS
      refused++
      return true
    },
  }
}
