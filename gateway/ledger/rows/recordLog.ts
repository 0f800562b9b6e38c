import { invariant } from '../../errors/invariant.ts'
import { CHUNK_BITS, CHUNK_RECORDS, type Chunk, fileRecord, findFiled, newChunk, unfileRecord } from './chunk.ts'
import { type Archived, type ChunkArchive, findArchived, readArchived, readArchivedChunk } from './chunkArchive.ts'
import { type Frozen, keepCopy } from './frozen.ts'
import { KIND } from './layout.ts'
import { compareWords, copyWords, ROW_WORDS, type Rows } from './words.ts'

/** What became of a pending transfer; `none` for every other record. Never renumbered: snapshots keep them. */
export const PENDING = { none: 0, pending: 1, posted: 2, voided: 3, expired: 4 } as const

/** Buffers of chunks that left memory, kept for the next ones. */
const SPARE_MAX = 2

/**
 * Every accepted record in order: accounts as created, transfers, burned ids, expiries. A record is named by its place. The newest chunks are in
 * memory; older ones may be in an archive, which is read by id or place. What is looked up by id are transfers and burned ids.
 */
export type RecordLog = {
  count: number
  readonly chunks: (Chunk | undefined)[]
  /** Eight words a chunk: the lowest and the highest id that can be found in it. */
  ranges: Uint32Array
  /** What became of the pending transfers of each chunk that has any: a byte a record, always in memory. */
  readonly statuses: (Uint8Array | undefined)[]
  frozen: Frozen<Uint8Array> | undefined
  archive: ChunkArchive | undefined
  readonly spare: Chunk[]
}

/** A record where it lies, or a copy of it from the archive. */
export type RecordRow = Readonly<{ rows: Rows; words: Uint32Array; at: number; place: number; kind: number }>

export function newRecordLog(): RecordLog {
  return { count: 0, chunks: [], ranges: new Uint32Array(0), statuses: [], frozen: undefined, archive: undefined, spare: [] }
}

/** Appends a copy of a row and returns its place. */
export function pushRecord(log: RecordLog, kind: number, words: Uint32Array, at: number): number {
  const place = log.count++
  const n = place >>> CHUNK_BITS
  if (n === log.chunks.length) addChunk(log, takeSpare(log) ?? newChunk())
  const chunk = log.chunks[n]!
  const local = place & (CHUNK_RECORDS - 1)
  copyWords(chunk.rows.words, local * ROW_WORDS, words, at, ROW_WORDS)
  chunk.kinds[local] = kind
  // What was undone may have had a status.
  if (log.statuses[n]) log.statuses[n][local] = PENDING.none
  if (isFoundById(kind)) {
    fileRecord(chunk, local)
    widen(log.ranges, 8 * n, words, at)
  }
  return place
}

/** Takes the newest record back. */
export function popRecord(log: RecordLog): void {
  log.count -= 1
  const chunk = log.chunks[log.count >>> CHUNK_BITS]
  invariant(chunk, 'only records that are in memory are taken back')
  const local = log.count & (CHUNK_RECORDS - 1)
  if (isFoundById(chunk.kinds[local]!)) unfileRecord(chunk, local)
}

/** The record at a place below `count`. */
export function recordAt(log: RecordLog, place: number): RecordRow {
  const n = place >>> CHUNK_BITS
  const local = place & (CHUNK_RECORDS - 1)
  const chunk = log.chunks[n]
  return chunk ? rowOf(chunk, n, local) : copyOf(readArchived(archiveOf(log), n, local), n)
}

/** The transfer or burned id under this id. Newest first, because what is looked for is mostly recent. */
export function findRecord(log: RecordLog, id: Uint32Array, at: number): RecordRow | undefined {
  for (let n = log.chunks.length - 1; n >= 0; n--) {
    const range = 8 * n
    if (compareWords(id, at, log.ranges, range, 4) < 0 || compareWords(id, at, log.ranges, range + 4, 4) > 0) continue
    const chunk = log.chunks[n]
    if (!chunk) {
      const found = findArchived(archiveOf(log), n, id, at)
      if (found) return copyOf(found, n)
      continue
    }
    const local = findFiled(chunk, id, at)
    if (local >= 0) return rowOf(chunk, n, local)
  }
  return undefined
}

/** What became of the pending transfer at a place; `none` when it is not one. */
export function pendingStatusAt(log: RecordLog, place: number): number {
  return log.statuses[place >>> CHUNK_BITS]?.[place & (CHUNK_RECORDS - 1)] ?? PENDING.none
}

export function setPendingStatus(log: RecordLog, place: number, status: number): void {
  const n = place >>> CHUNK_BITS
  const local = place & (CHUNK_RECORDS - 1)
  const statuses = log.statuses[n]
  if (!statuses) log.statuses[n] = new Uint8Array(CHUNK_RECORDS)
  else if (log.frozen) keepCopy(log.frozen, n, () => statuses)
  log.statuses[n]![local] = status
}

/** Lets a full chunk go that is in the archive. */
export function releaseChunk(log: RecordLog, n: number): void {
  const chunk = log.chunks[n]
  invariant(chunk && log.archive && (n + 1) * CHUNK_RECORDS <= log.count, 'a full chunk is released once')
  log.chunks[n] = undefined
  if (log.spare.length < SPARE_MAX) log.spare.push(chunk)
}

/** A whole chunk, to read through: the one in memory, or a copy from the archive. */
export function wholeChunk(log: RecordLog, n: number): Chunk {
  return log.chunks[n] ?? readArchivedChunk(archiveOf(log), n)
}

/** Appends a chunk, in which no id can be found yet. */
export function addChunk(log: RecordLog, chunk: Chunk | undefined): void {
  const n = log.chunks.length
  log.chunks.push(chunk)
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

function takeSpare(log: RecordLog): Chunk | undefined {
  const chunk = log.spare.pop()
  chunk?.index.fill(0)
  return chunk
}

function rowOf(chunk: Chunk, n: number, local: number): RecordRow {
  const { rows } = chunk
  return { rows, words: rows.words, at: local * ROW_WORDS, place: n * CHUNK_RECORDS + local, kind: chunk.kinds[local]! }
}

function copyOf({ rows, local, kind }: Archived, n: number): RecordRow {
  return { rows, words: rows.words, at: 0, place: n * CHUNK_RECORDS + local, kind }
}

function archiveOf(log: RecordLog): ChunkArchive {
  invariant(log.archive, 'a chunk that left memory is archived')
  return log.archive
}

function widen(ranges: Uint32Array, at: number, id: Uint32Array, i: number): void {
  if (compareWords(id, i, ranges, at, 4) < 0) copyWords(ranges, at, id, i, 4)
  if (compareWords(id, i, ranges, at + 4, 4) > 0) copyWords(ranges, at + 4, id, i, 4)
}
