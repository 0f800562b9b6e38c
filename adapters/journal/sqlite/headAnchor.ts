import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { JournalHead } from '../../../gateway/ports/journal.ts'

/** Seq as 8 bytes big-endian, then the block's hash. */
const SIZE = 40

/** Where the head of a journal is kept outside it. */
type HeadAnchor = Readonly<{ write(head: JournalHead): void; close(): void }>

/**
 * The head that was last anchored beside the journal, or undefined for a new journal. SQLite drops the commits behind a damaged place in its
 * write-ahead log without an error, so only a note outside the database shows that they ever were.
 */
export function readAnchor(path: string): JournalHead | undefined {
  if (!existsSync(path)) return undefined
  const bytes = readFileSync(path)
  // A process that was killed, or a power failure, may leave the file empty: then nothing was anchored.
  if (bytes.byteLength < SIZE) return undefined
  return { seq: Number(bytes.readBigUInt64BE(0)), hash: Uint8Array.from(bytes.subarray(8)) }
}

/**
 * Opens the anchor for writing, and leaves what it says. It is not synced: when power fails it may be older than the journal, which is no harm, but never
 * newer.
 */
export function openAnchor(path: string): HeadAnchor {
  const file = openSync(path, existsSync(path) ? 'r+' : 'w')
  const bytes = Buffer.alloc(SIZE)
  return {
    write({ seq, hash }) {
      bytes.writeBigUInt64BE(BigInt(seq), 0)
      bytes.set(hash, 8)
      writeSync(file, bytes, 0, SIZE, 0)
    },
    close: () => closeSync(file),
  }
}
