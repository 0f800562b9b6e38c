import { invariant } from '../../errors/invariant.ts'
import { ceilDivCount } from '../../money/integers.ts'
import { accountAt, addPlaceOfAccount, SLAB_ACCOUNTS } from './accountTable.ts'
import { ITEM } from './expiryQueue.ts'
import { freeze, readNext } from './frozen.ts'
import { restoreTable, type TakeBytes, tableParts } from './hashTableImage.ts'
import { HISTORY_SLAB_ROWS } from './historyTable.ts'
import { addSegment, isFoundById } from './recordLog.ts'
import { fileRecord, SEGMENT_BYTES, SEGMENT_RECORDS, type Segment, segmentOn } from './segment.ts'
import type { LedgerState } from './state.ts'
import { ROW_BYTES, rowsOn } from './words.ts'

/** The small numbers of a ledger's image, as JSON. What is large follows it as bytes, in the order of `ledgerParts`. */
export type LedgerImageHeader = Readonly<{
  accounts: number
  records: number
  /** Segments before this one are in the segment store. Its name is that of snapshots on disk, which called a segment a chunk. */
  firstChunk: number
  /** The segments that have statuses. */
  statuses: readonly number[]
  history: number
  expiries: number
  timed: number
  newestId: readonly number[]
  newestAccount: string
  newestTransfer: string
  last: string
}>

/** A picture of the ledger at one moment, of which the large parts are read later. */
type LedgerImage = Readonly<{
  header: LedgerImageHeader
  /** Reads the parts, each good until the next one is asked for. Has to be read to its end, or `stop` be called. */
  parts(): Generator<Uint8Array>
  stop(): void
}>

/** Begins an image of a ledger between two calls, when all its records were taken. The ledger goes on; what it changes is copied first. */
export function beginImage(state: LedgerState): LedgerImage {
  const { accounts, log, history } = state
  invariant(!accounts.frozen && !log.frozen && state.taken === log.count, 'one image at a time, between two calls')
  const slabs = ceilDivCount(accounts.count, SLAB_ACCOUNTS)
  const segments = log.segments.length
  const firstSegment = log.first
  const statuses = log.statuses.flatMap((of, n) => (of ? n : []))
  const named = new Set(statuses)
  const highest = log.highest.slice(0, 4 * segments)
  const expiries = state.expiries.heap.slice(0, ITEM * state.expiries.size)
  // Segments may be released while the image is read; those that it names stay here.
  const inMemory = log.segments.slice(firstSegment)
  const header: LedgerImageHeader = {
    accounts: accounts.count,
    records: log.count,
    firstChunk: firstSegment,
    statuses,
    history: history.count,
    expiries: state.expiries.size,
    timed: state.timed,
    newestId: Array.from(state.newestId),
    newestAccount: state.newestAccount.toString(),
    newestTransfer: state.newestTransfer.toString(),
    last: state.last.toString(),
  }
  const frozenAccounts = freeze<Uint32Array>(slabs)
  const frozenStatuses = freeze<Uint8Array>(segments)
  accounts.frozen = frozenAccounts
  log.frozen = frozenStatuses

  function stop(): void {
    accounts.frozen = undefined
    log.frozen = undefined
  }

  function* parts(): Generator<Uint8Array> {
    for (let n = 0; n < slabs; n++) yield bytesOf(readNext(frozenAccounts, (slab) => accounts.slabs[slab]!.words))
    for (let n = 0; n < segments; n++) {
      const of = readNext(frozenStatuses, (segment) => log.statuses[segment] ?? NO_STATUSES)
      if (named.has(n)) yield of
    }
    stop()
    yield bytesOf(highest)
    yield* tableParts(log.strays)
    yield bytesOf(expiries)
    for (const segment of inMemory) yield segment!.bytes
    for (let n = 0; n < ceilDivCount(header.history, HISTORY_SLAB_ROWS); n++) yield bytesOf(history.slabs[n]!.words)
  }

  return { header, parts, stop }
}

const NO_STATUSES = new Uint8Array(0)

/** Fills an empty ledger from an image. */
export function restoreLedger(state: LedgerState, header: LedgerImageHeader, take: TakeBytes): void {
  const { accounts, log, history } = state
  invariant(accounts.count === 0 && log.count === 0, 'an image is restored into an empty ledger')
  const segments = ceilDivCount(header.records, SEGMENT_RECORDS)
  for (let n = 0; n < ceilDivCount(header.accounts, SLAB_ACCOUNTS); n++) accounts.slabs.push(rowsOn(take(SLAB_ACCOUNTS * ROW_BYTES).buffer))
  for (accounts.count = 0; accounts.count < header.accounts; accounts.count++) {
    addPlaceOfAccount(accounts, accountAt(accounts, accounts.count))
  }
  for (let n = 0; n < segments; n++) addSegment(log, undefined)
  for (const n of header.statuses) log.statuses[n] = take(SEGMENT_RECORDS)
  log.highest.set(new Uint32Array(take(16 * segments).buffer))
  restoreTable(log.strays, header.records, take)
  const expiries = new Uint32Array(take(4 * ITEM * header.expiries).buffer)
  state.expiries.heap = new Uint32Array(expiries.length + 16 * ITEM)
  state.expiries.heap.set(expiries)
  state.expiries.size = header.expiries
  for (let n = header.firstChunk; n < segments; n++) log.segments[n] = segmentOn(take(SEGMENT_BYTES).buffer)
  log.first = header.firstChunk
  log.count = header.records
  refile(log.segments[segments - 1], header.records - (segments - 1) * SEGMENT_RECORDS)
  for (let n = 0; n < ceilDivCount(header.history, HISTORY_SLAB_ROWS); n++)
    history.slabs.push(rowsOn(take(HISTORY_SLAB_ROWS * ROW_BYTES).buffer))
  history.count = header.history
  state.timed = header.timed
  state.newestId.set(header.newestId)
  state.newestAccount = BigInt(header.newestAccount)
  state.newestTransfer = BigInt(header.newestTransfer)
  state.last = BigInt(header.last)
  state.taken = header.records
}

/** The last segment went on being filled while its image was read: only its first `count` records belong to it. */
function refile(segment: Segment | undefined, count: number): void {
  if (!segment) return
  segment.index.fill(0)
  for (let local = 0; local < count; local++) if (isFoundById(segment.kinds[local]!)) fileRecord(segment, local)
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}
