import { hash128 } from './hashTable.ts'
import { ROW_BYTES, ROW_WORDS, type Rows, same128 } from './words.ts'

/** Records of a segment: 2 MiB of rows. */
export const SEGMENT_RECORDS = 16_384
/** The number of the segment that a place is in. Places have more bits than a shift looks at. */
export function segmentAt(place: number): number {
  return (place - localAt(place)) / SEGMENT_RECORDS
}

/** Where in its segment a place is: its low bits, whatever is above them. */
export function localAt(place: number): number {
  return place & (SEGMENT_RECORDS - 1)
}

/** Twice as many slots as records, so that searches are short. */
export const SEGMENT_SLOTS = 2 * SEGMENT_RECORDS

/** Where the parts of a segment begin in its bytes: rows, index, kinds. */
export const INDEX_AT = SEGMENT_RECORDS * ROW_BYTES
export const KINDS_AT = INDEX_AT + 2 * SEGMENT_SLOTS
export const SEGMENT_BYTES = KINDS_AT + SEGMENT_RECORDS

/**
 * Records that live and leave together. One buffer holds all of it, so that it is archived as it lies: the rows, an open-addressing index from
 * `hash128` of an id to the record's number in the segment + 1, and the kind of each record. A full segment never changes.
 */
export type Segment = Readonly<{ bytes: Uint8Array; rows: Rows; index: Uint16Array; kinds: Uint8Array }>

export function newSegment(): Segment {
  return segmentOn(new ArrayBuffer(SEGMENT_BYTES))
}

/** The segment that these bytes are. */
export function segmentOn(buffer: ArrayBuffer): Segment {
  return {
    bytes: new Uint8Array(buffer),
    rows: {
      words: new Uint32Array(buffer, 0, SEGMENT_RECORDS * ROW_WORDS),
      longs: new BigUint64Array(buffer, 0, (SEGMENT_RECORDS * ROW_WORDS) / 2),
    },
    index: new Uint16Array(buffer, INDEX_AT, SEGMENT_SLOTS),
    kinds: new Uint8Array(buffer, KINDS_AT, SEGMENT_RECORDS),
  }
}

/** Files record `local` of a segment under its id. */
export function fileRecord(segment: Segment, local: number): void {
  let slot = hash128(segment.rows.words, local * ROW_WORDS) & (SEGMENT_SLOTS - 1)
  while (segment.index[slot] !== 0) slot = (slot + 1) & (SEGMENT_SLOTS - 1)
  segment.index[slot] = local + 1
}

/** Frees the slot of the newest record. Nothing that was filed before it can stand behind it, so no search crosses the gap. */
export function unfileRecord(segment: Segment, local: number): void {
  let slot = hash128(segment.rows.words, local * ROW_WORDS) & (SEGMENT_SLOTS - 1)
  while (segment.index[slot] !== local + 1) slot = (slot + 1) & (SEGMENT_SLOTS - 1)
  segment.index[slot] = 0
}

/** The number in the segment of the record with this id, or -1. */
export function findFiled(segment: Segment, id: Uint32Array, at: number): number {
  for (let slot = hash128(id, at) & (SEGMENT_SLOTS - 1); ; slot = (slot + 1) & (SEGMENT_SLOTS - 1)) {
    const local = segment.index[slot]! - 1
    if (local < 0 || same128(segment.rows.words, local * ROW_WORDS, id, at)) return local
  }
}
