import { max, min } from '../../money/integers.ts'
import type { Clock } from '../../ports/clock.ts'

/** A time by two clocks, in ms: the machine's, which may be set, and one that only goes on and means nothing to another process. */
export type Moment = Readonly<{ at: number; tick: number }>

/** Of a process that is gone no tick is known: whatever is from then is old. */
export const TICK_BEFORE = Number.NEGATIVE_INFINITY

export function momentOf(clock: Clock): Moment {
  const at = clock.now()
  return { at, tick: clock.elapsedMs?.() ?? at }
}

/** How old something is, for what must not be old: a clock that was set back makes nothing young. */
export function ageMs(then: Moment, now: Moment): number {
  return max(now.at - then.at, now.tick - then.tick)
}

/** How long something has been so, for what must have been so for long: a clock that was put forward has waited for nothing. */
export function lastedMs(since: Moment, now: Moment): number {
  return min(now.at - since.at, now.tick - since.tick)
}
