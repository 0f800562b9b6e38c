import { min } from '../../money/integers.ts'

/** One that waited so long is refused in any case: nobody is served by an answer that comes after the caller has gone. */
const WAIT_MS_MAX = 1_000
/** For so long there must be no rest and no short turn, before late ones are refused: a burst is taken. */
const INTERVAL_MS = 100
/** A loop that rests less than this part of the time does not rest: reading a thousand ready sockets counts as some of it. */
const REST_PART = 0.1
/** So often it is asked in overload whether what comes would fit again, and how full the loop might then be. */
const [WINDOW_MS, FULL_PART] = [500, 0.9]
/** In overload: a turn of so much of the target is short, and for so much of it a turn takes on work, most of which is done in later ones. */
const [SHORT_PART, TAKEN_PART] = [1 / 5, 1 / 40]
/** Of what is refused no line is written for each: a line a while says how many. */
const TELL_MS = 1_000

/**
 * A turn of the event loop, as one sees it who is read in it, in ms: `now` of a clock that is never set, how long this one may have waited, how long the turn
 * before took without any rest, and how long the loop has rested since it began.
 */
export type Turn = Readonly<{ now: number; waitedMs: number; turnMs: number; restMs: number }>

/**
 * Whether one that is read in this turn is refused. An overload is where everything is late: by the shortest turn of the last interval, as CoDel judges a
 * router's queue by the least wait (RFC 8289; for servers: "Fail at Scale", ACM Queue 2015). The first that is read in a turn seems to have waited little
 * however long the turn is, so single waits say nothing of the queue. A queue that empties now and then is a burst, however long it gets in between.
 *
 * In overload each turn is judged by itself: after a turn that was not short all are refused, which makes the next ones short; a short one takes on those
 * that it reads at its beginning. It ends when all that came in a while would have fitted, the refused at the cost of the taken. `onRefused` is told how
 * many were refused, once a second at most.
 */
export function createQueueAge(o: Readonly<{ targetMs: number; onRefused: (count: number) => void }>) {
  const [shortMs, takenForMs] = [o.targetMs * SHORT_PART, o.targetMs * TAKEN_PART]
  let interval = { from: -Infinity, restMs: 0, least: 0 }
  let overload: { from: number; restMs: number; taken: number; refused: number } | undefined
  let [untold, tellAt] = [0, 0]

  function tell(now: number): void {
    if (untold === 0 || now < tellAt) return
    o.onRefused(untold)
    untold = 0
    tellAt = now + TELL_MS
  }

  function seekOverload({ now, turnMs, restMs }: Turn): void {
    const forMs = now - interval.from
    if (forMs < INTERVAL_MS) {
      interval.least = min(interval.least, turnMs)
      return
    }
    // After a pause nothing is known of the queue: it was empty.
    const isLate = forMs < INTERVAL_MS * 2 && interval.least > o.targetMs && restMs - interval.restMs < forMs * REST_PART
    interval = { from: now, restMs, least: turnMs }
    if (isLate) overload = { from: now, restMs, taken: 0, refused: 0 }
  }

  function seekEnd({ from, taken, refused, ...begin }: NonNullable<typeof overload>, { now, restMs }: Turn): void {
    const forMs = now - from
    if (forMs < WINDOW_MS) return
    const busyMs = forMs - (restMs - begin.restMs)
    // Where nobody came for a whole window, there is no overload either.
    const fits = forMs > 2 * WINDOW_MS || busyMs * (taken + refused) < forMs * FULL_PART * taken
    overload = fits ? undefined : { from: now, restMs, taken: 0, refused: 0 }
  }

  return {
    isTooOld(turn: Turn): boolean {
      tell(turn.now)
      if (overload) seekEnd(overload, turn)
      else seekOverload(turn)
      const isLate = overload ? turn.turnMs > shortMs || turn.waitedMs > takenForMs : turn.waitedMs > WAIT_MS_MAX
      if (overload) overload[isLate ? 'refused' : 'taken']++
      if (isLate) untold++
      return isLate
    },
  }
}
