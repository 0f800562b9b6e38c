import { invariant } from '../../errors/invariant.ts'
import type { Fact } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { TransferStatus } from '../../ports/ledger.ts'
import type { Machine } from '../machine/machine.ts'
import type { LedgerRecord } from '../rows/record.ts'
import { bytesOfRecords, decodeRecords } from '../rows/recordBytes.ts'
import type { BookAccount } from './chart.ts'

/**
 * One submission as the journal keeps it: what was applied, or that its entry was declined. The legs are in the ledger records; `entry` adds what
 * those do not hold. Fingerprints are hex.
 */
export type SubmissionRow = Readonly<{
  claims?: readonly (readonly [key: string, fingerprint: string])[]
  facts?: readonly Fact[]
  entry?: Readonly<{ id: EntryId; payment: string; legs: number }>
  declined?: Readonly<{ id: EntryId; fingerprint: string; status: TransferStatus; leg: number }>
}>

/**
 * What a block holds. `accounts` are those created in it, in the order of their records: the journal alone gives back paths and assets. `records`
 * are read from `recordBytes` when they are asked for.
 */
export type BlockContent = Readonly<{
  accounts: readonly Omit<BookAccount, 'id'>[]
  submissions: readonly SubmissionRow[]
  recordBytes: Uint8Array
  readonly records: readonly LedgerRecord[]
}>

const VERSION = 2
/** Version byte and the length of the JSON part. */
const HEADER = 5

/** What a block is made of: accounts created, submissions already written as JSON, and the records that wait in the machine. */
type NewBlock = Readonly<{
  accounts: readonly BookAccount[]
  rows: readonly string[]
  machine: Pick<Machine, 'waitingRecords' | 'takeBytes'>
}>

/** A block's data: version, length of JSON (u32), JSON, ledger records, which are taken from the machine. */
export function encodeBlock({ accounts, rows, machine }: NewBlock): Uint8Array {
  const chart = accounts.length === 0 ? '[]' : JSON.stringify(accounts.map(({ path, asset }) => ({ path, asset })))
  const json = `{"accounts":${chart},"submissions":[${rows.join(',')}]}`
  const jsonBytes = Buffer.byteLength(json)
  const data = Buffer.allocUnsafeSlow(HEADER + jsonBytes + bytesOfRecords(machine.waitingRecords()))
  data.writeUInt8(VERSION, 0)
  data.writeUInt32BE(jsonBytes, 1)
  data.write(json, HEADER, 'utf8')
  machine.takeBytes(data, HEADER + jsonBytes)
  return data
}

/** Reads a block's data. Its hash was checked before, so what does not parse is a defect of ours and stops. */
export function decodeBlock(data: Uint8Array): BlockContent {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  invariant(bytes.byteLength >= HEADER && bytes.readUInt8(0) === VERSION, 'the block is of a version that this program reads')
  const end = HEADER + bytes.readUInt32BE(1)
  // Written by `encodeBlock` and covered by the block's hash.
  const { accounts, submissions } = JSON.parse(bytes.toString('utf8', HEADER, end)) as Pick<BlockContent, 'accounts' | 'submissions'>
  const recordBytes = bytes.subarray(end)
  return {
    accounts,
    submissions,
    recordBytes,
    get records() {
      return decodeRecords(recordBytes)
    },
  }
}
