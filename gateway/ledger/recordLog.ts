import { invariant } from '../errors/invariant.ts'
import { CHUNK_BITS, CHUNK_RECORDS, CHUNK_SLOTS, type Chunk, newChunk } from './chunk.ts'
import { type ChunkArchive, findArchived, readArchivedChunk } from './chunkArchive.ts'
import { hash128 } from './hashTable.ts'
import { KIND } from './layout.ts'
import { compareWords, copyWords, newRows, ROW_WORDS, type Rows, same128 } from './words.ts'

/** What became of a pending transfer; `none` for every other record. Never renumbered: archives keep them. */
export const PENDING = { none: 0, pending: 1, posted: 2, voided: 3, expired: 4 } as const

/** A pending transfer whose chunk left memory while it was open. */
type Carried = { readonly rows: Rows; status: number }

/**
 * Every accepted record in order: accounts as created, transfers, burned ids, expiries. A record is named by its place. The newest chunks are in
 * memory; older ones may be in an archive, which is asked by id. What is looked up by id are transfers and burned ids.
 */
export type RecordLog = {
  count: number
  readonly chunks: (Chunk | undefined)[]
  /** Eight words a chunk: the lowest and the highest id that can be found in it. */
  ranges: Uint32Array
  readonly carried: Map<number, Carried>
  archive: ChunkArchive | undefined
}

/** A record where it lies, or a copy of it from the archive. */
export type RecordRow = Readonly<{ rows: Rows; words: Uint32Array; at: number; place: number; kind: number }>

export function newRecordLog(): RecordLog {
  return { count: 0, chunks: [], ranges: new Uint32Array(0), carried: new Map(), archive: undefined }
}

/** Appends a copy of a row. */
export function pushRecord(log: RecordLog, kind: number, words: Uint32Array, at: number): number {
  const place = log.count++
  const n = place >>> CHUNK_BITS
  if (n === log.chunks.length) addChunk(log)
  const chunk = log.chunks[n]!
  const local = place & (CHUNK_RECORDS - 1)
  copyWords(chunk.rows.words, local * ROW_WORDS, words, at, ROW_WORDS)
  chunk.kinds[local] = kind
  chunk.statuses[local] = PENDING.none
  if (isFoundById(kind)) {
    file(chunk, local)
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
  if (isFoundById(chunk.kinds[local]!)) unfile(chunk, local)
}

/** The record at a place whose chunk is in memory, or that was carried. */
export function recordAt(log: RecordLog, place: number): RecordRow {
  const chunk = log.chunks[place >>> CHUNK_BITS]
  if (chunk) return rowOf(chunk, place)
  const carried = log.carried.get(place)
  invariant(carried, `record ${place} is in memory`)
  return { rows: carried.rows, words: carried.rows.words, at: 0, place, kind: KIND.transfer }
}

/** The transfer or burned id under this id. Newest first, because what is looked for is mostly recent. */
export function findRecord(log: RecordLog, id: Uint32Array, at: number): RecordRow | undefined {
  for (let n = log.chunks.length - 1; n >= 0; n--) {
    const range = 8 * n
    if (compareWords(id, at, log.ranges, range, 4) < 0 || compareWords(id, at, log.ranges, range + 4, 4) > 0) continue
    const chunk = log.chunks[n]
    const found = chunk ? findIn(chunk, n, id, at) : findOlder(log, n, id, at)
    if (found) return found
  }
  return undefined
}

/** What became of the pending transfer at a place. */
export function pendingStatusAt(log: RecordLog, place: number): number {
  const n = place >>> CHUNK_BITS
  const local = place & (CHUNK_RECORDS - 1)
  const chunk = log.chunks[n]
  if (chunk) return chunk.statuses[local]!
  const carried = log.carried.get(place)
  if (carried) return carried.status
  invariant(log.archive, 'a chunk that left memory is archived')
  return log.archive.status(n, local)
}

export function setPendingStatus(log: RecordLog, place: number, status: number): void {
  const chunk = log.chunks[place >>> CHUNK_BITS]
  if (chunk) {
    chunk.statuses[place & (CHUNK_RECORDS - 1)] = status
    return
  }
  const carried = log.carried.get(place)
  invariant(carried, 'a pending transfer is carried until it is resolved')
  carried.status = status
}

/** Lets an archived chunk go, and carries its open pending transfers. */
export function releaseChunk(log: RecordLog, n: number): void {
  const chunk = log.chunks[n]
  invariant(chunk && log.archive && (n + 1) * CHUNK_RECORDS <= log.count, 'a full chunk is released once')
  for (let local = 0; local < CHUNK_RECORDS; local++) {
    if (chunk.statuses[local] !== PENDING.pending) continue
    const rows = newRows(1)
    copyWords(rows.words, 0, chunk.rows.words, local * ROW_WORDS, ROW_WORDS)
    log.carried.set(n * CHUNK_RECORDS + local, { rows, status: PENDING.pending })
  }
  log.chunks[n] = undefined
}

/** A whole chunk, to read through: the one in memory, or a copy from the archive. */
export function wholeChunk(log: RecordLog, n: number): Chunk {
  const chunk = log.chunks[n]
  if (chunk) return chunk
  invariant(log.archive, 'a chunk that left memory is archived')
  return readArchivedChunk(log.archive, n)
}

/** Makes room for one more chunk. */
export function addChunk(log: RecordLog, chunk: Chunk | undefined = newChunk()): void {
  const n = log.chunks.length
  log.chunks.push(chunk)
  if (8 * n === log.ranges.length) {
    const wider = new Uint32Array(2 * log.ranges.length || 8)
    wider.set(log.ranges)
    log.ranges = wider
  }
  // An empty range: its lowest id is the largest number.
  log.ranges.fill(0xffff_ffff, 8 * n, 8 * n + 4)
  log.ranges.fill(0, 8 * n + 4, 8 * n + 8)
}

function isFoundById(kind: number): boolean {
  return kind === KIND.transfer || kind === KIND.burned
}

function rowOf(chunk: Chunk, place: number): RecordRow {
  const local = place & (CHUNK_RECORDS - 1)
  return { rows: chunk.rows, words: chunk.rows.words, at: local * ROW_WORDS, place, kind: chunk.kinds[local]! }
}

function findIn(chunk: Chunk, n: number, id: Uint32Array, at: number): RecordRow | undefined {
  for (let slot = hash128(id, at) & (CHUNK_SLOTS - 1); ; slot = (slot + 1) & (CHUNK_SLOTS - 1)) {
    const local = chunk.index[slot]! - 1
    if (local < 0) return undefined
    if (same128(chunk.rows.words, local * ROW_WORDS, id, at)) return rowOf(chunk, n * CHUNK_RECORDS + local)
  }
}

function findOlder(log: RecordLog, n: number, id: Uint32Array, at: number): RecordRow | undefined {
  invariant(log.archive, 'a chunk that left memory is archived')
  const found = findArchived(log.archive, n, id, at)
  if (!found) return undefined
  return { rows: found.rows, words: found.rows.words, at: 0, place: n * CHUNK_RECORDS + found.local, kind: found.kind }
}

function file(chunk: Chunk, local: number): void {
  let slot = hash128(chunk.rows.words, local * ROW_WORDS) & (CHUNK_SLOTS - 1)
  while (chunk.index[slot] !== 0) slot = (slot + 1) & (CHUNK_SLOTS - 1)
  chunk.index[slot] = local + 1
}

/** Frees the slot of the newest record. Nothing that was filed before it can stand behind it, so no search crosses the gap. */
function unfile(chunk: Chunk, local: number): void {
  let slot = hash128(chunk.rows.words, local * ROW_WORDS) & (CHUNK_SLOTS - 1)
  while (chunk.index[slot] !== local + 1) slot = (slot + 1) & (CHUNK_SLOTS - 1)
  chunk.index[slot] = 0
}

function widen(ranges: Uint32Array, at: number, id: Uint32Array, i: number): void {
  if (compareWords(id, i, ranges, at, 4) < 0) copyWords(ranges, at, id, i, 4)
  if (compareWords(id, i, ranges, at + 4, 4) > 0) copyWords(ranges, at + 4, id, i, 4)
}
