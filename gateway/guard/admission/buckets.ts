import { ceilDivCount, floorDivCount, max } from '../../money/integers.ts'
import type { Clock } from '../../ports/clock.ts'

/** `perS` tokens come back each second, up to `burst`. */
export type Rate = Readonly<{ perS: number; burst: number }>

const US_PER_S = 1_000_000
const US_PER_MS = 1_000
/** Buckets kept, some 100 bytes each. */
const KEYS_MAX = 100_000
/** Old buckets looked at for each new one, so that taking never takes long. */
const LOOKED_AT_MAX = 4
/** Whom no bucket of their own is left for share this one. No key of a caller's is called so. */
const OTHERS = ''

/**
 * Token buckets by key. Each is one number, the time at which it is full again (GCRA), so a full one needs no memory. Only full ones are forgotten: who
 * fills the table with other names gets none of his tokens back by it, and newcomers share one bucket until there is room.
 */
export function createBuckets(o: { clock: Clock; rate: Rate; keysMax?: number }) {
  const { clock, keysMax = KEYS_MAX } = o
  const tokenUs = floorDivCount(US_PER_S, o.rate.perS)
  const burstUs = o.rate.burst * tokenUs
  /** When each is full, in µs; the one touched longest ago first. */
  const fullAt = new Map<string, number>()

  function hasRoom(nowUs: number): boolean {
    let looked = 0
    for (const [key, at] of fullAt) {
      if (looked++ === LOOKED_AT_MAX) break
      if (at <= nowUs) fullAt.delete(key)
    }
    return fullAt.size < keysMax
  }

  return {
    /** Takes so many tokens and answers 0, or takes none and answers in how many ms they will be there. */
    take(key: string, tokens = 1): number {
      const nowUs = clock.now() * US_PER_MS
      const own = fullAt.has(key) || hasRoom(nowUs) ? key : OTHERS
      const next = max(fullAt.get(own) ?? nowUs, nowUs) + tokens * tokenUs
      if (next - nowUs > burstUs) return ceilDivCount(next - nowUs - burstUs, US_PER_MS)
      fullAt.delete(own)
      fullAt.set(own, next)
      return 0
    },
    /** How many tokens a key has now, and in how many ms it has all again. */
    left(key: string): Readonly<{ tokens: number; fullInMs: number }> {
      const nowUs = clock.now() * US_PER_MS
      // Whom no bucket of their own is left for have what the others have.
      const at = fullAt.get(key) ?? (fullAt.size < keysMax ? nowUs : (fullAt.get(OTHERS) ?? nowUs))
      const missingUs = max(at - nowUs, 0)
      return { tokens: floorDivCount(burstUs - missingUs, tokenUs), fullInMs: ceilDivCount(missingUs, US_PER_MS) }
    },
    /** Gives tokens back that were taken for what turned out to be welcome. */
    give(key: string, tokens = 1): void {
      const at = fullAt.get(key)
      if (at !== undefined) fullAt.set(key, at - tokens * tokenUs)
    },
  }
}
