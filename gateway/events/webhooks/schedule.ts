import { max, min } from '../../money/integers.ts'

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000]

/** Waits before each new try, as Standard Webhooks 1.0 proposes: together a little more than three days. */
const WAITS_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR] as const
/** A wait is longer by up to this part, so that those who failed together do not come again together. */
const JITTER = 0.1
/** What a receiver may ask for by Retry-After. */
const ASKED_MAX_MS = 24 * HOUR

/** When nothing has arrived for so long, its holder is warned. */
export const WARN_MS = 24 * HOUR
/** And when for so long, nothing more is brought. */
export const DISABLE_MS = 72 * HOUR

/**
 * When a delivery that has failed `tries` times is tried again, in ms from now; undefined when it is given up. `askedMs`: what its receiver asked for, which
 * makes it later and never sooner. `random`: from 0 to 1.
 */
export function nextTryIn(tries: number, o: Readonly<{ askedMs: number | undefined; random: number }>): number | undefined {
  const wait = WAITS_MS[tries - 1]
  if (wait === undefined) return undefined
  const asked = o.askedMs === undefined ? 0 : min(o.askedMs, ASKED_MAX_MS)
  return max(wait * (1 + JITTER * o.random), asked)
}

/** What Retry-After says, in ms from now (RFC 9110, 10.2.3): seconds or a date; undefined where it says neither. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND // not money: seconds
  const at = /^[A-Z][a-z]{2}, .+ GMT$/.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(at) || at <= now ? undefined : at - now
}
