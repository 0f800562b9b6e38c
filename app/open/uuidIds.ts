import { randomFillSync } from 'node:crypto'
import { type Clock, type IdSource, idSource } from '../../gateway/ports/clock.ts'

/** Random bytes of one id, and how many ids' worth is fetched at a time: one call of the system's generator costs more than the bytes. */
const RANDOM_BYTES = 10
const RANDOM_IDS = 1024

// The 12 bits of rand_a and the upper 54 of rand_b count together, so that entry ids stay apart without their last byte (see `legIds.ts`). They are
// three numbers of 12, 26 and 28 bits, the highest first, which is quicker than one bigint.
const HIGH = 2 ** 12
const MIDDLE = 2 ** 26
const LOW = 2 ** 28

/**
 * Ids as UUIDv7 (RFC 9562 section 5.7) without dashes behind their prefix. They ascend within a process, also when the clock stands or is set
 * back: within a millisecond the random part is increased (section 6.2, method 2).
 */
export function uuidIds(clock: Clock): IdSource {
  let lastMs = 0
  let high = 0
  let middle = 0
  let low = 0
  const pool = Buffer.alloc(RANDOM_BYTES * RANDOM_IDS)
  let taken = pool.byteLength
  const id = Buffer.alloc(16)

  /** Where the next random bytes are in the pool. */
  function takeRandom(): number {
    if (taken === pool.byteLength) {
      randomFillSync(pool)
      taken = 0
    }
    taken += RANDOM_BYTES
    return taken - RANDOM_BYTES
  }

  function begin(ms: number, at: number): void {
    lastMs = ms
    // The top bit stays free, so that counting up within the millisecond has room.
    high = pool.readUInt16BE(at) & (HIGH / 2 - 1)
    middle = pool.readUInt32BE(at + 2) & (MIDDLE - 1)
    low = pool.readUInt32BE(at + 5) & (LOW - 1)
  }

  /** Adds 1 and up to 32 random bits. */
  function countUp(at: number): void {
    const sum = low + 1 + pool.readUInt32BE(at)
    // The sum can have 33 bits; its low ones are the same without the highest.
    low = sum & (LOW - 1)
    middle += (sum - low) / LOW
    if (middle < MIDDLE) return
    middle -= MIDDLE
    high += 1
    if (high === HIGH) begin(lastMs + 1, at)
  }

  function next<K extends string>(kind: K): `${K}${string}` {
    const now = clock.now()
    const random = takeRandom()
    if (now > lastMs) begin(now, random)
    else countUp(random)
    const version7 = 0x7000
    const variant = 0b10 * MIDDLE
    // 48, 16, 28, 28 and 8 bits.
    id.writeUIntBE(lastMs, 0, 6)
    id.writeUInt16BE(version7 + high, 6)
    id.writeUInt32BE((variant + middle) * 16 + (low >>> 24), 8)
    id.writeUInt32BE(((low << 8) | pool[random + 9]!) >>> 0, 12)
    return `${kind}${id.toString('hex')}`
  }

  return idSource(next)
}
