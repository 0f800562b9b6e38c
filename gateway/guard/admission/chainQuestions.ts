import { GatewayError } from '../../errors/gatewayError.ts'
import { ceilDivCount } from '../../money/integers.ts'
import type { Clock } from '../../ports/clock.ts'
import { createBuckets, type Rate } from './buckets.ts'
import { createShares } from './shares.ts'

const MS_PER_S = 1_000
/**
 * What makes us ask a chain weighs as much as so many requests of a line: a network asks 50 at once and then five a second. Of all that are under way at a time
 * one network has half, and each further one half of what is left; for the others there is a short wait.
 */
const WEIGHT = 10
const PLACES = { max: 8, parts: 2, lifeMs: 10_000 }
const WAITING_MAX = 64
const WAIT_MS = 2_000

/** How often and how many at a time strangers make us ask a chain. `rate`: of the requests of one line. `of`: what of theirs is asked about. */
export function createChainQuestions({ clock, rate, of: what }: Readonly<{ clock: Clock; rate: Rate; of: string }>) {
  const buckets = createBuckets({ clock, rate })
  const places = createShares({ clock, ...PLACES, what: `the questions to a chain about ${what}` })
  const waiting = new Set<() => void>()

  function left(giveBack: () => void): void {
    giveBack()
    for (const wake of waiting) wake()
  }

  function refuseTooMany(of: string): void {
    const waitMs = buckets.take(of, WEIGHT)
    if (waitMs === 0) return
    throw new GatewayError('too_busy', `Too many ${what} came from this network`, {
      meta: { retry_after_s: ceilDivCount(waitMs, MS_PER_S) },
    })
  }

  /** Resolves when a place became free, or at `at`; false then. */
  async function placeLeft(at: Promise<void>): Promise<boolean> {
    const woken = Promise.withResolvers<boolean>()
    const wake = () => woken.resolve(true)
    waiting.add(wake)
    const isWoken = await Promise.race([woken.promise, at.then(() => false)])
    waiting.delete(wake)
    return isWoken
  }

  /** A question for `of` may be asked: answers how to say that it was answered. Throws `too_busy`. */
  return async (of: string): Promise<() => void> => {
    refuseTooMany(of)
    const late = new Promise<void>((resolve) => setTimeout(resolve, WAIT_MS).unref())
    for (;;) {
      try {
        const giveBack = places.take('all', of)
        return () => left(giveBack)
      } catch (error) {
        if (waiting.size >= WAITING_MAX || !(await placeLeft(late))) throw error
      }
    }
  }
}
