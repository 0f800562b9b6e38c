import { ROW_BYTES, ROW_WORDS, type Rows } from './words.ts'

/** Records of a chunk: 2 MiB of rows. */
export const CHUNK_BITS = 14
export const CHUNK_RECORDS = 1 << CHUNK_BITS
/** Twice as many slots as records, so that searches are short. */
export const CHUNK_SLOTS = 2 * CHUNK_RECORDS

/** Where the parts of a chunk begin in its bytes: rows, index, kinds, statuses. */
export const INDEX_AT = CHUNK_RECORDS * ROW_BYTES
export const KINDS_AT = INDEX_AT + 2 * CHUNK_SLOTS
export const STATUSES_AT = KINDS_AT + CHUNK_RECORDS
export const CHUNK_BYTES = STATUSES_AT + CHUNK_RECORDS

/**
 * Records that live and leave together. One buffer holds all of it, so that it is archived as it lies: the rows, an open-addressing index from
 * `hash128` of an id to the record's number in the chunk + 1, the kind of each record, and what became of each pending transfer.
 */
export type Chunk = Readonly<{ bytes: Uint8Array; rows: Rows; index: Uint16Array; kinds: Uint8Array; statuses: Uint8Array }>

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
    statuses: new Uint8Array(buffer, STATUSES_AT, CHUNK_RECORDS),
  }
}
