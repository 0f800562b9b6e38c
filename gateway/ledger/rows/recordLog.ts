import { invariant } from '../../errors/invariant.ts'
import { type Frozen, keepCopy } from './frozen.ts'
import { KIND } from './layout.ts'
import { fileRecord, findFiled, newSegment, SEGMENT_BITS, SEGMENT_RECORDS, type Segment, unfileRecord } from './segment.ts'
import { type Archived, findArchived, readArchived, readArchivedSegment, type SegmentStore } from './segmentStore.ts'
import { compareWords, copyWords, ROW_WORDS, type Rows } from './words.ts'

/** What became of a pending transfer; `none` for every other record. Never renumbered: snapshots keep them. */
export const PENDING = { none: 0, pending: 1, posted: 2, voided: 3, expired: 4 } as const

/** Buffers of segments that left memory, kept for the next ones. */
const SPARE_MAX = 2

/**
 * Every accepted record in order: accounts as created, transfers, burned ids, expiries. A record is named by its place. The newest segments are in
 * memory; older ones may be in a segment store, which is read by id or place. What is looked up by id are transfers and burned ids.
 */
export type RecordLog = {
  count: number
  readonly segments: (Segment | undefined)[]
  /** Eight words a segment: the lowest and the highest id that can be found in it. */
  ranges: Uint32Array
  /** What became of the pending transfers of each segment that has any: a byte a record, always in memory. */
  readonly statuses: (Uint8Array | undefined)[]
  frozen: Frozen<Uint8Array> | undefined
  segmentStore: SegmentStore | undefined
  readonly spare: Segment[]
}

/** A record where it lies, or a copy of it from the segment store. */
export type RecordRow = Readonly<{ rows: Rows; words: Uint32Array; at: number; place: number; kind: number }>

export function newRecordLog(): RecordLog {
  return { count: 0, segments: [], ranges: new Uint32Array(0), statuses: [], frozen: undefined, segmentStore: undefined, spare: [] }
}

/** Appends a copy of a row and returns its place. */
export function pushRecord(log: RecordLog, kind: number, words: Uint32Array, at: number): number {
  const place = log.count++
  const n = place >>> SEGMENT_BITS
  if (n === log.segments.length) addSegment(log, takeSpare(log) ?? newSegment())
  const segment = log.segments[n]!
  const local = place & (SEGMENT_RECORDS - 1)
  copyWords(segment.rows.words, local * ROW_WORDS, words, at, ROW_WORDS)
  segment.kinds[local] = kind
  // What was undone may have had a status.
  if (log.statuses[n]) log.statuses[n][local] = PENDING.none
  if (isFoundById(kind)) {
    fileRecord(segment, local)
    widen(log.ranges, 8 * n, words, at)
  }
  return place
}

/** Takes the newest record back. */
export function popRecord(log: RecordLog): void {
  log.count -= 1
  const segment = log.segments[log.count >>> SEGMENT_BITS]
  invariant(segment, 'only records that are in memory are taken back')
  const local = log.count & (SEGMENT_RECORDS - 1)
  if (isFoundById(segment.kinds[local]!)) unfileRecord(segment, local)
}

/** The record at a place below `count`. */
export function recordAt(log: RecordLog, place: number): RecordRow {
  const n = place >>> SEGMENT_BITS
  const local = place & (SEGMENT_RECORDS - 1)
  const segment = log.segments[n]
  return segment ? rowOf(segment, n, local) : copyOf(readArchived(storeOf(log), n, local), n)
}

/** The transfer or burned id under this id. Newest first, because what is looked for is mostly recent. */
export function findRecord(log: RecordLog, id: Uint32Array, at: number): RecordRow | undefined {
  for (let n = log.segments.length - 1; n >= 0; n--) {
    const range = 8 * n
    if (compareWords(id, at, log.ranges, range, 4) < 0 || compareWords(id, at, log.ranges, range + 4, 4) > 0) continue
    const segment = log.segments[n]
    if (!segment) {
      const found = findArchived(storeOf(log), n, id, at)
      if (found) return copyOf(found, n)
      continue
    }
    const local = findFiled(segment, id, at)
    if (local >= 0) return rowOf(segment, n, local)
  }
  return undefined
}

/** What became of the pending transfer at a place; `none` when it is not one. */
export function pendingStatusAt(log: RecordLog, place: number): number {
  return log.statuses[place >>> SEGMENT_BITS]?.[place & (SEGMENT_RECORDS - 1)] ?? PENDING.none
}

export function setPendingStatus(log: RecordLog, place: number, status: number): void {
  const n = place >>> SEGMENT_BITS
  const local = place & (SEGMENT_RECORDS - 1)
  const statuses = log.statuses[n]
  if (!statuses) log.statuses[n] = new Uint8Array(SEGMENT_RECORDS)
  else if (log.frozen) keepCopy(log.frozen, n, () => statuses)
  log.statuses[n]![local] = status
}

/** Lets a full segment go that is in the segment store. */
export function releaseSegment(log: RecordLog, n: number): void {
  const segment = log.segments[n]
  invariant(segment && log.segmentStore && (n + 1) * SEGMENT_RECORDS <= log.count, 'a full segment is released once')
  log.segments[n] = undefined
  if (log.spare.length < SPARE_MAX) log.spare.push(segment)
}

/** A whole segment, to read through: the one in memory, or a copy from the segment store. */
export function wholeSegment(log: RecordLog, n: number): Segment {
  return log.segments[n] ?? readArchivedSegment(storeOf(log), n)
}

/** Appends a segment, in which no id can be found yet. */
export function addSegment(log: RecordLog, segment: Segment | undefined): void {
  const n = log.segments.length
  log.segments.push(segment)
  log.statuses.push(undefined)
  if (8 * n === log.ranges.length) {
    const wider = new Uint32Array(2 * log.ranges.length || 8)
    wider.set(log.ranges)
    log.ranges = wider
  }
  // An empty range: its lowest id is the largest number.
  log.ranges.fill(0xffff_ffff, 8 * n, 8 * n + 4)
  log.ranges.fill(0, 8 * n + 4, 8 * n + 8)
}

/** True for records that are filed under their id. */
export function isFoundById(kind: number): boolean {
  return kind === KIND.transfer || kind === KIND.burned
}

function takeSpare(log: RecordLog): Segment | undefined {
  const segment = log.spare.pop()
  segment?.index.fill(0)
  return segment
}

function rowOf(segment: Segment, n: number, local: number): RecordRow {
  const { rows } = segment
  return { rows, words: rows.words, at: local * ROW_WORDS, place: n * SEGMENT_RECORDS + local, kind: segment.kinds[local]! }
}

function copyOf({ rows, local, kind }: Archived, n: number): RecordRow {
  return { rows, words: rows.words, at: 0, place: n * SEGMENT_RECORDS + local, kind }
}

function storeOf(log: RecordLog): SegmentStore {
  invariant(log.segmentStore, 'a segment that left memory is archived')
  return log.segmentStore
}

function widen(ranges: Uint32Array, at: number, id: Uint32Array, i: number): void {
  if (compareWords(id, i, ranges, at, 4) < 0) copyWords(ranges, at, id, i, 4)
  if (compareWords(id, i, ranges, at + 4, 4) > 0) copyWords(ranges, at + 4, id, i, 4)
}
