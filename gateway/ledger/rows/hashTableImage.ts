import { addPlace, type HashTable } from './hashTable.ts'

/** Reads `length` bytes of an image into a buffer of their own. */
export type TakeBytes = (length: number) => Uint8Array<ArrayBuffer>

/** The table as bytes, shard by shard. What is filed while they are read may be in them: places are only ever added at the end of what they are in. */
export function* tableParts(table: HashTable): Generator<Uint8Array> {
  for (const { slots, used } of table.shards) {
    yield new Uint8Array(Uint32Array.of(slots.length, used).buffer)
    yield new Uint8Array(slots.buffer)
  }
}

/** Fills an empty table from its bytes with the places before `end`. */
export function restoreTable(table: HashTable, end: number, take: TakeBytes): void {
  const { shards } = table
  for (let n = 0; n < shards.length; n++) {
    const [length, used] = new Uint32Array(take(8).buffer)
    const slots = new Uint32Array(take(4 * length!).buffer)
    if (used === 0) continue
    if (allBefore(slots, end)) shards[n] = { slots, used: used! }
    else refile(table, slots, end)
  }
}

function allBefore(slots: Uint32Array, end: number): boolean {
  for (let i = 1; i < slots.length; i += 2) if (slots[i]! > end) return false
  return true
}

/** Files again what was in the table before the image began. */
function refile(table: HashTable, slots: Uint32Array, end: number): void {
  for (let i = 0; i < slots.length; i += 2) {
    const placePlusOne = slots[i + 1]!
    if (placePlusOne !== 0 && placePlusOne <= end) addPlace(table, slots[i]!, placePlusOne - 1)
  }
}
