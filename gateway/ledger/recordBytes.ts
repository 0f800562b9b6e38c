import { invariant } from '../errors/invariant.ts'
import type { Transfer } from '../ports/ledger.ts'
import type { LedgerRecord } from './record.ts'

/** Kinds as the first byte of a record; never renumbered, because journals keep them. */
const KIND = { account: 1, transfer: 2, burned: 3, expired: 4 } as const
/** Sizes behind the kind byte. Integers are big-endian. */
const SIZE = { account: 64, transfer: 128, burned: 16, expired: 24 } as const
const LOW_64 = 0xffff_ffff_ffff_ffffn

/** The records as bytes: one kind byte and a payload of fixed size each. */
export function encodeRecords(records: readonly LedgerRecord[]): Uint8Array {
  let length = 0
  for (const record of records) length += 1 + SIZE[record.kind]
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const record of records) {
    view.setUint8(at, KIND[record.kind])
    writeRecord(view, at + 1, record)
    at += 1 + SIZE[record.kind]
  }
  return bytes
}

/** The records that `encodeRecords` wrote. Stops on bytes that it can not have written. */
export function decodeRecords(bytes: Uint8Array): LedgerRecord[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const records: LedgerRecord[] = []
  for (let at = 0; at < bytes.byteLength; ) {
    const record = readRecord(view, at)
    records.push(record)
    at += 1 + SIZE[record.kind]
  }
  return records
}

function writeRecord(view: DataView, at: number, record: LedgerRecord): void {
  switch (record.kind) {
    case 'account': {
      const account = record.account
      setU128(view, at, account.id)
      setU128(view, at + 16, account.userData128)
      view.setBigUint64(at + 32, account.userData64)
      view.setUint32(at + 40, account.userData32)
      view.setUint32(at + 44, account.ledger)
      view.setUint16(at + 48, account.code)
      view.setUint16(at + 50, account.flags)
      view.setBigUint64(at + 56, account.timestamp)
      break
    }
    case 'transfer':
      writeTransfer(view, at, record.transfer)
      break
    case 'burned':
      setU128(view, at, record.id)
      break
    case 'expired':
      setU128(view, at, record.pendingId)
      view.setBigUint64(at + 16, record.timestamp)
      break
  }
}

function writeTransfer(view: DataView, at: number, transfer: Transfer): void {
  setU128(view, at, transfer.id)
  setU128(view, at + 16, transfer.debitAccountId)
  setU128(view, at + 32, transfer.creditAccountId)
  setU128(view, at + 48, transfer.amount)
  setU128(view, at + 64, transfer.pendingId)
  setU128(view, at + 80, transfer.userData128)
  view.setBigUint64(at + 96, transfer.userData64)
  view.setUint32(at + 104, transfer.userData32)
  view.setUint32(at + 108, transfer.timeout)
  view.setUint32(at + 112, transfer.ledger)
  view.setUint16(at + 116, transfer.code)
  view.setUint16(at + 118, transfer.flags)
  view.setBigUint64(at + 120, transfer.timestamp)
}

function readRecord(view: DataView, start: number): LedgerRecord {
  const kind = view.getUint8(start)
  const at = start + 1
  if (kind === KIND.transfer) return { kind: 'transfer', transfer: readTransfer(view, at) }
  if (kind === KIND.burned) return { kind: 'burned', id: getU128(view, at) }
  if (kind === KIND.expired) return { kind: 'expired', pendingId: getU128(view, at), timestamp: view.getBigUint64(at + 16) }
  invariant(kind === KIND.account, `record kind ${kind} is known`)
  return {
    kind: 'account',
    account: {
      id: getU128(view, at),
      userData128: getU128(view, at + 16),
      userData64: view.getBigUint64(at + 32),
      userData32: view.getUint32(at + 40),
      ledger: view.getUint32(at + 44),
      code: view.getUint16(at + 48),
      flags: view.getUint16(at + 50),
      timestamp: view.getBigUint64(at + 56),
    },
  }
}

function readTransfer(view: DataView, at: number): Transfer {
  return {
    id: getU128(view, at),
    debitAccountId: getU128(view, at + 16),
    creditAccountId: getU128(view, at + 32),
    amount: getU128(view, at + 48),
    pendingId: getU128(view, at + 64),
    userData128: getU128(view, at + 80),
    userData64: view.getBigUint64(at + 96),
    userData32: view.getUint32(at + 104),
    timeout: view.getUint32(at + 108),
    ledger: view.getUint32(at + 112),
    code: view.getUint16(at + 116),
    flags: view.getUint16(at + 118),
    timestamp: view.getBigUint64(at + 120),
  }
}

function setU128(view: DataView, at: number, value: bigint): void {
  if (value <= LOW_64) {
    view.setBigUint64(at, 0n)
    view.setBigUint64(at + 8, value)
  } else {
    view.setBigUint64(at, value >> 64n)
    // Keeps the low 64 bits: setBigUint64 takes its value modulo 2^64.
    view.setBigUint64(at + 8, value)
  }
}

function getU128(view: DataView, at: number): bigint {
  const high = view.getBigUint64(at)
  const low = view.getBigUint64(at + 8)
  return high === 0n ? low : (high << 64n) | low
}
