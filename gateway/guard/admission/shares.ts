import { GatewayError } from '../../errors/gatewayError.ts'
import { ceilDivCount, max } from '../../money/integers.ts'
import type { Clock } from '../../ports/clock.ts'

type Pool = { byOwner: Map<string, number>; held: Set<Readonly<{ until: number; end: () => void }>> }

/**
 * Fair shares of bounded things. What an owner holds is bounded by what is free besides (dynamic thresholds, as switches share their buffers): one alone
 * gets one of `parts`, and each further owner has to find less left, so that it takes many to fill a pool. What is not given back ends after `lifeMs`.
 * Few parts suit what is given back soon. `what` is for the refusal. With `floor` each owner has so many for sure, however many others there are: the pool
 * then holds `max` and a floor for each owner at most, and nobody is shut out by others.
 */
export function createShares(o: { clock: Clock; max: number; parts: number; lifeMs: number; what: string; floor?: number }) {
  const pools = new Map<string, Pool>()

  /** The oldest come first, because all live equally long. */
  function forgetEnded({ held }: Pool, now: number): void {
    for (const { until, end } of held) {
      if (until > now) return
      end()
    }
  }

  return {
    /** Takes one of the pool for its owner; answers how to give it back. `onEnd` is called once, then or when its life ends. Throws `too_busy`. */
    take(name: string, owner: string, onEnd?: () => void): () => void {
      const now = o.clock.now()
      const pool = pools.get(name) ?? { byOwner: new Map(), held: new Set() }
      forgetEnded(pool, now)
      const own = pool.byOwner.get(owner) ?? 0
      const free = max(o.max - pool.held.size, 0)
      if (own >= max(ceilDivCount(free, o.parts - 1), o.floor ?? 0))
        throw new GatewayError('too_busy', `Your share of ${o.what} is used up: ${own} of ${o.max}`)
      pools.set(name, pool)
      pool.byOwner.set(owner, own + 1)
      const one = { until: now + o.lifeMs, end }
      pool.held.add(one)
      return end

      function end(): void {
        if (!pool.held.delete(one)) return
        const left = (pool.byOwner.get(owner) ?? 1) - 1
        if (left > 0) pool.byOwner.set(owner, left)
        else pool.byOwner.delete(owner)
        if (pool.held.size === 0 && pools.get(name) === pool) pools.delete(name)
        onEnd?.()
      }
    },
  }
}
