import { invariant } from '../../errors/invariant.ts'
import { floorDivCount } from '../../money/integers.ts'
import { type Frozen, keepCopy } from './frozen.ts'
import {
  addPlace,
  EMPTY,
  firstSlot,
  type HashTable,
  hash128,
  newHashTable,
  nextSlot,
  OTHER,
  PLACES_MAX,
  placeIn,
  removePlace,
  shardOf,
} from './hashTable.ts'
import { homeOf, isAtHome, isClosed } from './homes.ts'
import { KIND } from './layout.ts'
import { fileRecord, findFiled, localAt, newSegment, SEGMENT_RECORDS, type Segment, segmentAt, unfileRecord } from './segment.ts'
import { type Archived, findArchived, readArchived, readArchivedSegment, type SegmentStore } from './segmentStore.ts'
import { compareWords, copyWords, ROW_WORDS, type Rows, same128 } from './words.ts'

/** What became of a pending transfer; `none` for every other record. Never renumbered: snapshots keep them. */
export const PENDING = { none: 0, pending: 1, posted: 2, voided: 3, expired: 4 } as const

/** Buffers of segments that left memory, kept for the next ones. */
const SPARE_MAX = 2
const SHARD_BITS = 10

/**
 * Every accepted record in order: accounts as created, transfers, burned ids, expiries. A record is named by its place. The newest segments are in
 * memory; older ones may be in a segment store, which is read by id or place. What is looked up by id are transfers and burned ids.
 */
export type RecordLog = {
  count: number
  readonly segments: (Segment | undefined)[]
  /** The first segment that is in memory, or how many there are. */
  first: number
  /**
   * Four words a segment: the highest id that is looked for in it. Its lowest is what follows the highest of the segment before, so that no two segments
   * are asked for the same id. The newest segment has no highest id yet.
   */
  highest: Uint32Array
  /** Places of the records that are not where the order of ids would have them, by the hash of their id. */
  readonly strays: HashTable
  /** What became of the pending transfers of each segment that has any: a byte a record, always in memory. */
  readonly statuses: (Uint8Array | undefined)[]
  frozen: Frozen<Uint8Array> | undefined
  segmentStore: SegmentStore | undefined
  readonly spare: Segment[]
}

/** A record where it lies, or a copy of it from the segment store. */
export type RecordRow = Readonly<{ rows: Rows; words: Uint32Array; at: number; place: number; kind: number }>

export function newRecordLog(): RecordLog {
  return {
    count: 0,
    segments: [],
    first: 0,
    highest: new Uint32Array(0),
    strays: newHashTable(SHARD_BITS),
    statuses: [],
    frozen: undefined,
    segmentStore: undefined,
    spare: [],
  }
}

/** Appends a copy of a row and returns its place. */
export function pushRecord(log: RecordLog, kind: number, words: Uint32Array, at: number): number {
  invariant(log.count < PLACES_MAX, 'the record log has room')
  const place = log.count++
  const n = segmentAt(place)
  if (n === log.segments.length) addSegment(log, takeSpare(log) ?? newSegment())
  const segment = log.segments[n]!
  const local = localAt(place)
  copyWords(segment.rows.words, local * ROW_WORDS, words, at, ROW_WORDS)
  segment.kinds[local] = kind
  // What was undone may have had a status.
  if (log.statuses[n]) log.statuses[n][local] = PENDING.none
  if (isFoundById(kind)) {
    fileRecord(segment, local)
    if (!isAtHome(log, n, words, at)) addPlace(log.strays, hash128(words, at), place)
  }
  if (local === SEGMENT_RECORDS - 1 && !isClosed(log, n)) close(log, n)
  return place
}

/** Takes the newest record back. */
export function popRecord(log: RecordLog): void {
  log.count -= 1
  const n = segmentAt(log.count)
  const segment = log.segments[n]
  invariant(segment, 'only records that are in memory are taken back')
  const local = localAt(log.count)
  if (!isFoundById(segment.kinds[local]!)) return
  unfileRecord(segment, local)
  const { words } = segment.rows
  if (!isAtHome(log, n, words, local * ROW_WORDS)) removePlace(log.strays, hash128(words, local * ROW_WORDS), log.count)
}

/** The record at a place below `count`. */
export function recordAt(log: RecordLog, place: number): RecordRow {
  const n = segmentAt(place)
  const local = localAt(place)
  const segment = log.segments[n]
  return segment ? rowOf(segment, n, local) : copyOf(readArchived(storeOf(log), n, local), n)
}

/** The transfer or burned id under this id: in the one segment that ids of its size are looked for in, or among the strays. */
export function findRecord(log: RecordLog, id: Uint32Array, at: number): RecordRow | undefined {
  return findAtHome(log, homeOf(log, id, at), id, at) ?? findStray(log, id, at)
}

function findAtHome(log: RecordLog, n: number, id: Uint32Array, at: number): RecordRow | undefined {
  if (n >= log.segments.length) return undefined
  const segment = log.segments[n]
  if (!segment) {
    const found = findArchived(storeOf(log), n, id, at)
    return found && copyOf(found, n)
  }
  const local = findFiled(segment, id, at)
  return local < 0 ? undefined : rowOf(segment, n, local)
}

function findStray(log: RecordLog, id: Uint32Array, at: number): RecordRow | undefined {
  const hash = hash128(id, at)
  const shard = shardOf(log.strays, hash)
  for (let slot = firstSlot(log.strays, shard, hash); ; slot = nextSlot(shard, slot)) {
    const place = placeIn(shard, slot, hash)
    if (place === EMPTY) return undefined
    if (place === OTHER) continue
    const row = recordAt(log, place)
    if (same128(row.words, row.at, id, at)) return row
  }
}

/** One id of so many is looked at to see which ones a segment has. */
const SAMPLE_EVERY = 64
/** Of the ids that are looked at, one of so many may be larger than all that are looked for in the segment. */
const LARGER_OF = 16

/**
 * Says which ids are looked for in a segment that has become full, once and for all. It is not the largest of them: one large id that came out of order
 * would make strays of all that follow.
 */
function close(log: RecordLog, n: number): void {
  const segment = log.segments[n]!
  const { words } = segment.rows
  const sample: number[] = []
  for (let local = 0; local < SEGMENT_RECORDS; local += SAMPLE_EVERY) if (isFoundById(segment.kinds[local]!)) sample.push(local * ROW_WORDS)
  sample.sort((a, b) => compareWords(words, a, words, b, 4))
  const chosen = sample[sample.length - 1 - floorDivCount(sample.length, LARGER_OF)]
  // Ids below those of the segment before are strays already, and may be all there are.
  if (n > 0) copyWords(log.highest, 4 * n, log.highest, 4 * (n - 1), 4)
  else log.highest.fill(0, 0, 4)
  if (chosen !== undefined && compareWords(words, chosen, log.highest, 4 * n, 4) > 0) copyWords(log.highest, 4 * n, words, chosen, 4)
  for (let local = 0; local < SEGMENT_RECORDS; local++) {
    const at = local * ROW_WORDS
    const larger = isFoundById(segment.kinds[local]!) && compareWords(words, at, log.highest, 4 * n, 4) > 0
    if (larger) addPlace(log.strays, hash128(words, at), n * SEGMENT_RECORDS + local)
  }
}

/** What became of the pending transfer at a place; `none` when it is not one. */
export function pendingStatusAt(log: RecordLog, place: number): number {
  return log.statuses[segmentAt(place)]?.[localAt(place)] ?? PENDING.none
}

export function setPendingStatus(log: RecordLog, place: number, status: number): void {
  const n = segmentAt(place)
  const local = localAt(place)
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
  while (log.first < log.segments.length && !log.segments[log.first]) log.first += 1
  if (log.spare.length < SPARE_MAX) log.spare.push(segment)
}

/** A whole segment, to read through: the one in memory, or a copy from the segment store. */
export function wholeSegment(log: RecordLog, n: number): Segment {
  return log.segments[n] ?? readArchivedSegment(storeOf(log), n)
}

/** Appends a segment, in which all ids are looked for that are above those of the segments before. */
export function addSegment(log: RecordLog, segment: Segment | undefined): void {
  const n = log.segments.length
  log.segments.push(segment)
  log.statuses.push(undefined)
  if (4 * n === log.highest.length) {
    const wider = new Uint32Array(2 * log.highest.length || 4)
    wider.set(log.highest)
    log.highest = wider
  }
  log.highest.fill(0xffff_ffff, 4 * n, 4 * n + 4)
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
