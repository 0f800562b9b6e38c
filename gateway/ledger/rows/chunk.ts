import { hash128 } from './hashTable.ts'
import { ROW_BYTES, ROW_WORDS, type Rows, same128 } from './words.ts'

/** Records of a chunk: 2 MiB of rows. */
export const CHUNK_BITS = 14
export const CHUNK_RECORDS = 1 << CHUNK_BITS
/** Twice as many slots as records, so that searches are short. */
export const CHUNK_SLOTS = 2 * CHUNK_RECORDS

/** Where the parts of a chunk begin in its bytes: rows, index, kinds. */
export const INDEX_AT = CHUNK_RECORDS * ROW_BYTES
export const KINDS_AT = INDEX_AT + 2 * CHUNK_SLOTS
export const CHUNK_BYTES = KINDS_AT + CHUNK_RECORDS

/**
 * Records that live and leave together. One buffer holds all of it, so that it is archived as it lies: the rows, an open-addressing index from
 * `hash128` of an id to the record's number in the chunk + 1, and the kind of each record. A full chunk never changes.
 */
export type Chunk = Readonly<{ bytes: Uint8Array; rows: Rows; index: Uint16Array; kinds: Uint8Array }>

export function newChunk(): Chunk {
  return chunkOn(new ArrayBuffer(CHUNK_BYTES))
}

/** The chunk that these bytes are. */
export function chunkOn(buffer: ArrayBuffer): Chunk {
  return {
    bytes: new Uint8Array(buffer),
    rows: {
      words: new Uint32Array(buffer, 0, CHUNK_RECORDS * ROW_WORDS),
      longs: new BigUint64Array(buffer, 0, (CHUNK_RECORDS * ROW_WORDS) / 2),
    },
    index: new Uint16Array(buffer, INDEX_AT, CHUNK_SLOTS),
    kinds: new Uint8Array(buffer, KINDS_AT, CHUNK_RECORDS),
  }
}

/** Files record `local` of a chunk under its id. */
export function fileRecord(chunk: Chunk, local: number): void {
  let slot = hash128(chunk.rows.words, local * ROW_WORDS) & (CHUNK_SLOTS - 1)
  while (chunk.index[slot] !== 0) slot = (slot + 1) & (CHUNK_SLOTS - 1)
  chunk.index[slot] = local + 1
}

/** Frees the slot of the newest record. Nothing that was filed before it can stand behind it, so no search crosses the gap. */
export function unfileRecord(chunk: Chunk, local: number): void {
  let slot = hash128(chunk.rows.words, local * ROW_WORDS) & (CHUNK_SLOTS - 1)
  while (chunk.index[slot] !== local + 1) slot = (slot + 1) & (CHUNK_SLOTS - 1)
  chunk.index[slot] = 0
}

/** The number in the chunk of the record with this id, or -1. */
export function findFiled(chunk: Chunk, id: Uint32Array, at: number): number {
  for (let slot = hash128(id, at) & (CHUNK_SLOTS - 1); ; slot = (slot + 1) & (CHUNK_SLOTS - 1)) {
    const local = chunk.index[slot]! - 1
    if (local < 0 || same128(chunk.rows.words, local * ROW_WORDS, id, at)) return local
  }
}
