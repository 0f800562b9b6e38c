import { addPlace, filedIn, type HashTable, type Shard } from './hashTable.ts'

/** Reads `length` bytes of an image into a buffer of their own. */
export type TakeBytes = (length: number) => Uint8Array<ArrayBuffer>

/** The table as bytes, shard by shard. What is filed while they are read may be in them: places are only ever added at the end of what they are in. */
export function* tableParts(table: HashTable): Generator<Uint8Array> {
  for (const { slots, high, used } of table.shards) {
    yield new Uint8Array(Uint32Array.of(slots.length, used).buffer)
    yield new Uint8Array(slots.buffer)
    yield new Uint8Array(high.buffer)
  }
}

/** Fills an empty table from its bytes with the places before `end`. */
export function restoreTable(table: HashTable, end: number, take: TakeBytes): void {
  const { shards } = table
  for (let n = 0; n < shards.length; n++) {
    const [length, used] = new Uint32Array(take(8).buffer)
    const slots = new Uint32Array(take(4 * length!).buffer)
    const shard = { slots, high: new Uint16Array(take(length!).buffer), used: used! }
    if (used === 0) continue
    if (allBefore(shard, end)) shards[n] = shard
    else refile(table, shard, end)
  }
}

function allBefore(shard: Shard, end: number): boolean {
  for (let slot = 0; slot < shard.high.length; slot++) if (filedIn(shard, slot) > end) return false
  return true
}

/** Files again what was in the table before the image began. */
function refile(table: HashTable, shard: Shard, end: number): void {
  for (let slot = 0; slot < shard.high.length; slot++) {
    const placePlusOne = filedIn(shard, slot)
    if (placePlusOne !== 0 && placePlusOne <= end) addPlace(table, shard.slots[2 * slot]!, placePlusOne - 1)
  }
}
