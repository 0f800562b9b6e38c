import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { hash128 } from './hashTable.ts'
import { INDEX_AT, KINDS_AT, SEGMENT_BYTES, SEGMENT_SLOTS, type Segment, segmentOn } from './segment.ts'
import { ROW_BYTES, type Rows, rowsOn, same128 } from './words.ts'

/** What needs a segment whose file is damaged or missing is refused for as long as it takes to build that again. Whoever throws this has changed nothing. */
export class SegmentUnreadable extends GatewayError {
  constructor() {
    super('too_busy', 'A part of the books is being built again from the journal')
  }
}

/**
 * Segments that left memory, each kept as its bytes. Reading is synchronous, because the machine asks in the middle of a decision; it is rare. Throws
 * `SegmentUnreadable`.
 */
export type SegmentStore = Readonly<{
  /** `length` bytes of a segment from `offset`, in a buffer of their own. */
  read(segment: number, offset: number, length: number): Uint8Array<ArrayBuffer>
}>

/** Slots read at a time. */
const SLOTS = 16

/** A copy of an archived record. */
export type Archived = Readonly<{ rows: Rows; local: number; kind: number }>

/** The transfer or burned id under this id in an archived segment. */
export function findArchived(store: SegmentStore, segment: number, id: Uint32Array, at: number): Archived | undefined {
  const home = hash128(id, at) & (SEGMENT_SLOTS - 1)
  for (let first = home & ~(SLOTS - 1), begin = home & (SLOTS - 1); ; first = (first + SLOTS) & (SEGMENT_SLOTS - 1), begin = 0) {
    const slots = new Uint16Array(store.read(segment, INDEX_AT + 2 * first, 2 * SLOTS).buffer)
    for (let i = begin; i < SLOTS; i++) {
      const local = slots[i]! - 1
      if (local < 0) return undefined
      const rows = rowsOn(store.read(segment, local * ROW_BYTES, ROW_BYTES).buffer)
      if (same128(rows.words, 0, id, at)) return { rows, local, kind: kindOf(store, segment, local) }
    }
  }
}

/** Record number `local` of an archived segment. */
export function readArchived(store: SegmentStore, segment: number, local: number): Archived {
  const rows = rowsOn(store.read(segment, local * ROW_BYTES, ROW_BYTES).buffer)
  return { rows, local, kind: kindOf(store, segment, local) }
}

function kindOf(store: SegmentStore, segment: number, local: number): number {
  return store.read(segment, KINDS_AT + local, 1)[0]!
}

/** A copy of a whole archived segment. */
export function readArchivedSegment(store: SegmentStore, segment: number): Segment {
  const bytes = store.read(segment, 0, SEGMENT_BYTES)
  invariant(bytes.byteLength === SEGMENT_BYTES, `segment ${segment} is whole`)
  return segmentOn(bytes.buffer)
}
