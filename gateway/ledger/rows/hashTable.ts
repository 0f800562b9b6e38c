import { floorDivCount } from '../../money/integers.ts'

/**
 * An open-addressing table from 32-bit hashes to places (whole numbers below `PLACES_MAX`) in a store that keeps the keys. Two keys may share a hash, so
 * who looks something up asks the store about each place found. The table is many shards, each of which doubles by itself when it is three quarters
 * full: no insertion has to move the whole table.
 */
export type HashTable = Readonly<{ shards: Shard[]; shardBits: number }>

/** Places have 48 bits: at 4,000 records a second they last for two thousand years. */
export const PLACES_MAX = 2 ** 48 - 1

/** Of each slot the hash and the low 32 bits of its place + 1, and in `high` the other 16; a place + 1 of 0 is an empty slot. */
export type Shard = { slots: Uint32Array; high: Uint16Array; used: number }

const LOW = 2 ** 32

const FIRST_SLOTS = 8
/** What every shard is before something is filed in it. Never written to. */
const NOTHING_FILED: Shard = newShard(1)

export const EMPTY = -1
export const OTHER = -2

function newShard(slots: number): Shard {
  return { slots: new Uint32Array(2 * slots), high: new Uint16Array(slots), used: 0 }
}

/** A table without entries, of 2^shardBits shards. */
export function newHashTable(shardBits: number): HashTable {
  return { shards: new Array<Shard>(1 << shardBits).fill(NOTHING_FILED), shardBits }
}

/** Makes a table as it was before its first entry. */
export function clearTable(table: HashTable): void {
  table.shards.fill(NOTHING_FILED)
}

export function shardOf(table: HashTable, hash: number): Shard {
  return table.shards[hash & ((1 << table.shardBits) - 1)]!
}

/** Where the search for a hash begins in its shard. */
export function firstSlot(table: HashTable, shard: Shard, hash: number): number {
  return (hash >>> table.shardBits) & (shard.slots.length / 2 - 1)
}

export function nextSlot(shard: Shard, slot: number): number {
  return (slot + 1) & (shard.slots.length / 2 - 1)
}

/** The place in this slot when it was filed under `hash`, `OTHER` when under another hash, `EMPTY` where the search ends. */
export function placeIn(shard: Shard, slot: number, hash: number): number {
  const placePlusOne = filedIn(shard, slot)
  if (placePlusOne === 0) return EMPTY
  return shard.slots[2 * slot] === hash >>> 0 ? placePlusOne - 1 : OTHER
}

/** The place + 1 in this slot, 0 when it is empty. */
export function filedIn({ slots, high }: Shard, slot: number): number {
  return high[slot]! * LOW + slots[2 * slot + 1]!
}

/** Files a place under a hash. */
export function addPlace(table: HashTable, hash: number, place: number): void {
  const shard = shardToFill(table, hash)
  if (8 * (shard.used + 1) > 3 * shard.slots.length) grow(table, shard)
  put(table, shard, hash >>> 0, place + 1)
  shard.used += 1
}

/** Takes back what `addPlace` did. */
export function removePlace(table: HashTable, hash: number, place: number): void {
  const shard = shardOf(table, hash)
  let slot = firstSlot(table, shard, hash)
  while (placeIn(shard, slot, hash) !== place) slot = nextSlot(shard, slot)
  shard.used -= 1
  // Whatever stands behind the gap and may not be reached across it moves into it.
  for (let gap = slot, next = nextSlot(shard, gap); ; next = nextSlot(shard, next)) {
    if (filedIn(shard, next) === 0) {
      shard.slots[2 * gap + 1] = 0
      shard.high[gap] = 0
      return
    }
    const home = firstSlot(table, shard, shard.slots[2 * next]!)
    const mask = shard.slots.length / 2 - 1
    if (((next - home) & mask) < ((next - gap) & mask)) continue
    shard.slots[2 * gap] = shard.slots[2 * next]!
    shard.slots[2 * gap + 1] = shard.slots[2 * next + 1]!
    shard.high[gap] = shard.high[next]!
    gap = next
  }
}

function shardToFill(table: HashTable, hash: number): Shard {
  const shard = shardOf(table, hash)
  if (shard !== NOTHING_FILED) return shard
  const first = newShard(FIRST_SLOTS)
  table.shards[hash & ((1 << table.shardBits) - 1)] = first
  return first
}

function grow(table: HashTable, shard: Shard): void {
  const { slots, high } = shard
  const old = { slots, high, used: shard.used }
  shard.slots = new Uint32Array(2 * slots.length)
  shard.high = new Uint16Array(2 * high.length)
  for (let slot = 0; slot < high.length; slot++) {
    const placePlusOne = filedIn(old, slot)
    if (placePlusOne !== 0) put(table, shard, slots[2 * slot]!, placePlusOne)
  }
}

function put(table: HashTable, shard: Shard, hash: number, placePlusOne: number): void {
  let slot = firstSlot(table, shard, hash)
  while (filedIn(shard, slot) !== 0) slot = nextSlot(shard, slot)
  shard.slots[2 * slot] = hash
  // The word keeps the low 32 bits.
  shard.slots[2 * slot + 1] = placePlusOne
  shard.high[slot] = floorDivCount(placePlusOne, LOW)
}

const { imul } = Math

/** Mixes the four words of an id into 32 bits (the multipliers and the last steps are MurmurHash3's). */
export function hash128(words: Uint32Array, at: number): number {
  let h =
    imul(words[at]!, 0xcc9e2d51) ^ imul(words[at + 1]!, 0x1b873593) ^ imul(words[at + 2]!, 0x85ebca6b) ^ imul(words[at + 3]!, 0xc2b2ae35)
  h = imul(h ^ (h >>> 16), 0x85ebca6b)
  h = imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
