/**
 * An open-addressing table from 32-bit hashes to places (whole numbers below 2^32 - 1) in a store that keeps the keys. Two keys may share a hash, so
 * who looks something up asks the store about each place found. The table is many shards, each of which doubles by itself when it is three quarters
 * full: no insertion has to move the whole table.
 */
export type HashTable = Readonly<{ shards: Shard[]; shardBits: number }>

/** Pairs of hash and place + 1; a place of 0 is an empty slot. */
type Shard = { slots: Uint32Array; used: number }

const FIRST_SLOTS = 8
/** What every shard is before something is filed in it. Never written to. */
const NOTHING_FILED: Shard = { slots: new Uint32Array(2), used: 0 }

export const EMPTY = -1
export const OTHER = -2

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
  const place = shard.slots[2 * slot + 1]!
  if (place === 0) return EMPTY
  return shard.slots[2 * slot] === hash >>> 0 ? place - 1 : OTHER
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
    const moved = shard.slots[2 * next + 1]!
    if (moved === 0) {
      shard.slots[2 * gap + 1] = 0
      return
    }
    const home = firstSlot(table, shard, shard.slots[2 * next]!)
    const mask = shard.slots.length / 2 - 1
    if (((next - home) & mask) < ((next - gap) & mask)) continue
    shard.slots[2 * gap] = shard.slots[2 * next]!
    shard.slots[2 * gap + 1] = moved
    gap = next
  }
}

function shardToFill(table: HashTable, hash: number): Shard {
  const shard = shardOf(table, hash)
  if (shard !== NOTHING_FILED) return shard
  const first = { slots: new Uint32Array(2 * FIRST_SLOTS), used: 0 }
  table.shards[hash & ((1 << table.shardBits) - 1)] = first
  return first
}

function grow(table: HashTable, shard: Shard): void {
  const old = shard.slots
  shard.slots = new Uint32Array(2 * old.length)
  for (let i = 0; i < old.length; i += 2) if (old[i + 1] !== 0) put(table, shard, old[i]!, old[i + 1]!)
}

function put(table: HashTable, shard: Shard, hash: number, placePlusOne: number): void {
  let slot = firstSlot(table, shard, hash)
  while (shard.slots[2 * slot + 1] !== 0) slot = nextSlot(shard, slot)
  shard.slots[2 * slot] = hash
  shard.slots[2 * slot + 1] = placePlusOne
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
