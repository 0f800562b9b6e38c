import { invariant } from '../../errors/invariant.ts'
import { min } from '../../money/integers.ts'
import { writeAccountEvent, writeTransferEvent } from './eventRows.ts'
import * as f from './layout.ts'
import type { LedgerRecord } from './record.ts'
import type { RecordLog } from './recordLog.ts'
import { localAt, SEGMENT_RECORDS, segmentAt } from './segment.ts'
import { getU64, getU128, newRows, ROW_BYTES, type Rows, rowsOn, setU64, setU128 } from './words.ts'

/** A record in the journal: its kind in one byte and a row. All kinds first, then all rows, so that a run of the log is copied as it lies. */
const RECORD_BYTES = 1 + ROW_BYTES

// Rows are written as the machine has them in memory, and journals are little-endian.
invariant(new Uint8Array(new Uint32Array([1]).buffer)[0] === 1, 'this machine is little-endian')

/** How many bytes `count` records take. */
export function bytesOfRecords(count: number): number {
  return count * RECORD_BYTES
}

/** Copies the records of the log from place `from` to before `to` into `target` at `offset`. They are in memory. */
export function copyRecords(log: RecordLog, from: number, to: number, target: Uint8Array, offset: number): void {
  const rowsAt = offset + (to - from)
  for (let place = from; place < to; ) {
    const segment = log.segments[segmentAt(place)]
    invariant(segment, 'records that are not in the journal yet are in memory')
    const local = localAt(place)
    const count = min(to - place, SEGMENT_RECORDS - local)
    target.set(segment.kinds.subarray(local, local + count), offset + place - from)
    target.set(segment.bytes.subarray(local * ROW_BYTES, (local + count) * ROW_BYTES), rowsAt + (place - from) * ROW_BYTES)
    place += count
  }
}

/** Kinds and rows of records in the journal's form, in memory of their own. Stops on bytes that can not be such. */
export function openRecords(bytes: Uint8Array): Readonly<{ kinds: Uint8Array; rows: Rows }> {
  const count = bytes.byteLength / RECORD_BYTES
  invariant(Number.isInteger(count), `${bytes.byteLength} bytes are whole records`)
  const rows = new Uint8Array(new ArrayBuffer(count * ROW_BYTES))
  rows.set(bytes.subarray(count))
  return { kinds: bytes.subarray(0, count), rows: rowsOn(rows.buffer) }
}

/** The records as objects, for those who read the journal. */
export function decodeRecords(bytes: Uint8Array): LedgerRecord[] {
  const { kinds, rows } = openRecords(bytes)
  return Array.from(kinds, (kind, i) => readRecord(kind, rows, (i * ROW_BYTES) / 4))
}

/** The records in the journal's form. */
export function encodeRecords(records: readonly LedgerRecord[]): Uint8Array {
  const bytes = new Uint8Array(bytesOfRecords(records.length))
  for (const [i, record] of records.entries()) {
    const row = newRows(1)
    bytes[i] = writeRecord(row, record)
    bytes.set(new Uint8Array(row.words.buffer), records.length + i * ROW_BYTES)
  }
  return bytes
}

/** Writes one record as a row and returns its kind. */
export function writeRecord(row: Rows, record: LedgerRecord): number {
  switch (record.kind) {
    case 'account':
      writeAccountEvent(row, 0, record.account)
      break
    case 'transfer':
      writeTransferEvent(row, 0, record.transfer)
      break
    case 'burned':
      setU128(row, f.ID, record.id)
      break
    case 'expired':
      setU128(row, f.ID, record.pendingId)
      setU64(row, f.TIMESTAMP, record.timestamp)
      break
  }
  return f.KIND[record.kind]
}

/** A row of this kind as a record. */
export function readRecord(kind: number, rows: Rows, at: number): LedgerRecord {
  if (kind === f.KIND.transfer) return { kind: 'transfer', transfer: readTransfer(rows, at) }
  if (kind === f.KIND.burned) return { kind: 'burned', id: getU128(rows, at) }
  if (kind === f.KIND.expired) return { kind: 'expired', pendingId: getU128(rows, at), timestamp: getU64(rows, at + f.TIMESTAMP) }
  invariant(kind === f.KIND.account, `record kind ${kind} is known`)
  return { kind: 'account', account: { id: getU128(rows, at), ...readRest(rows, at) } }
}

/** The transfer of a row, as an object of its own. */
export function readTransfer(rows: Rows, at: number) {
  return {
    id: getU128(rows, at),
    debitAccountId: getU128(rows, at + f.DEBIT_ACCOUNT_ID),
    creditAccountId: getU128(rows, at + f.CREDIT_ACCOUNT_ID),
    amount: getU128(rows, at + f.AMOUNT),
    pendingId: getU128(rows, at + f.PENDING_ID),
    timeout: rows.words[at + f.TIMEOUT]!,
    ...readRest(rows, at),
  }
}

function readRest(rows: Rows, at: number) {
  return {
    userData128: getU128(rows, at + f.USER_DATA_128),
    userData64: getU64(rows, at + f.USER_DATA_64),
    userData32: rows.words[at + f.USER_DATA_32]!,
    ledger: rows.words[at + f.LEDGER]!,
    code: f.codeAt(rows.words, at),
    flags: f.flagsAt(rows.words, at),
    timestamp: getU64(rows, at + f.TIMESTAMP),
  }
}
