import { randomBytes } from 'node:crypto'
import type { Clock, IdSource } from '../ports/clock.ts'

/** 12 bits of rand_a and the upper 54 of rand_b count together, so that entry ids stay apart without their last byte (see `legIds.ts`). */
const COUNTER_BITS = 66n
const COUNTER_MASK = (1n << COUNTER_BITS) - 1n

/** Random bytes of one id, and how many ids' worth is fetched at a time: one call of the system's generator costs more than the bytes. */
const RANDOM_BYTES = 10
const RANDOM_IDS = 256

/**
 * Ids as UUIDv7 (RFC 9562 section 5.7) without dashes behind their prefix. They ascend within a process, also when the clock stands or is set
 * back: within a millisecond the random part is increased (section 6.2, method 2).
 */
export function uuidIds(clock: Clock): IdSource {
  let lastMs = 0
  let counter = 0n
  let pool = Buffer.alloc(0)

  function takeRandom(): Buffer {
    if (pool.byteLength === 0) pool = randomBytes(RANDOM_BYTES * RANDOM_IDS)
    const taken = pool.subarray(0, RANDOM_BYTES)
    pool = pool.subarray(RANDOM_BYTES)
    return taken
  }

  return {
    next(kind) {
      const now = clock.now()
      const random = takeRandom()
      if (now > lastMs) {
        lastMs = now
        // The top bit stays free, so that counting up within the millisecond has room.
        counter = ((random.readBigUInt64BE(0) << 2n) & COUNTER_MASK) >> 1n
      } else {
        counter += 1n + BigInt(random.readUInt32BE(0))
        if (counter > COUNTER_MASK) {
          lastMs += 1
          counter = BigInt(random.readUInt32BE(4))
        }
      }
      return `${kind}${uuidHex(lastMs, counter, random[9]!)}`
    },
  }
}

function uuidHex(ms: number, counter: bigint, lastByte: number): string {
  const version7 = 0x7n
  const variant = 0b10n
  const randA = counter >> 54n
  const randB = counter & ((1n << 54n) - 1n)
  const value = (BigInt(ms) << 80n) | (version7 << 76n) | (randA << 64n) | (variant << 62n) | (randB << 8n) | BigInt(lastByte)
  return value.toString(16).padStart(32, '0')
}
