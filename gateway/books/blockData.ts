import { invariant } from '../errors/invariant.ts'
import type { LedgerRecord } from '../ledger/record.ts'
import { decodeRecords, encodeRecords } from '../ledger/recordBytes.ts'
import type { Fact } from '../ports/books.ts'
import type { EntryId } from '../ports/ids.ts'
import type { TransferStatus } from '../ports/ledger.ts'
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

/** What a block holds. `accounts` are those created in it, in the order of their records: the journal alone gives back paths and assets. */
export type BlockContent = Readonly<{
  accounts: readonly Omit<BookAccount, 'id'>[]
  submissions: readonly SubmissionRow[]
  records: readonly LedgerRecord[]
}>

const VERSION = 2
/** Version byte and the length of the JSON part. */
const HEADER = 5

/** A block's data: version, length of JSON (u32), JSON, ledger records. `rows` are submissions already written as JSON. */
export function encodeBlock(content: Omit<BlockContent, 'submissions'> & Readonly<{ rows: readonly string[] }>): Uint8Array {
  const accounts = content.accounts.map(({ path, asset }) => ({ path, asset }))
  const json = Buffer.from(`{"accounts":${JSON.stringify(accounts)},"submissions":[${content.rows.join(',')}]}`)
  const header = Buffer.alloc(HEADER)
  header.writeUInt8(VERSION, 0)
  header.writeUInt32BE(json.byteLength, 1)
  return Buffer.concat([header, json, encodeRecords(content.records)])
}

/** Reads a block's data. Its hash was checked before, so what does not parse is a defect of ours and stops. */
export function decodeBlock(data: Uint8Array): BlockContent {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  invariant(bytes.byteLength >= HEADER && bytes.readUInt8(0) === VERSION, 'the block is of a version that this program reads')
  const end = HEADER + bytes.readUInt32BE(1)
  // Written by `encodeBlock` and covered by the block's hash.
  const { accounts, submissions } = JSON.parse(bytes.toString('utf8', HEADER, end)) as Omit<BlockContent, 'records'>
  return { accounts, submissions, records: decodeRecords(bytes.subarray(end)) }
}
