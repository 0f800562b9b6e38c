import { DatabaseSync } from 'node:sqlite'
import type { Block, JournalReader } from '../../../gateway/ports/journal.ts'

const LOCK_WAIT_MS = 2000
/** A Switchyard journal ("swyd") of the format that the SQLite journal writes. */
const APPLICATION_ID = 0x73777964
const FORMAT = 1
/** Rows read at a time: each page is a short transaction, so that a writer's checkpoints are never held up. */
const PAGE = 256

/** Opens the journal at `path` to read. Throws when there is none. */
export function openJournalReader(path: string): JournalReader {
  const db = new DatabaseSync(path, { readOnly: true, timeout: LOCK_WAIT_MS })
  const id = db.prepare('PRAGMA application_id').get()?.application_id
  const format = db.prepare('PRAGMA user_version').get()?.user_version
  if (id !== APPLICATION_ID || format !== FORMAT) {
    db.close()
    throw new Error(`${path} is not a journal of format ${FORMAT} (application id ${id}, format ${format}).`)
  }
  const page = db.prepare('SELECT seq, at, n, hash, data FROM journal WHERE seq > ? ORDER BY seq LIMIT ?')
  page.setReadBigInts(true)
  const last = db.prepare('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1')
  return {
    async *read(after) {
      for (let from = after; ; ) {
        const blocks = page.all(from, PAGE).map(toBlock)
        for (const block of blocks) {
          // Who reads on checks that none is missing.
          from = block.seq
          yield block
        }
        if (blocks.length < PAGE) return
      }
    },
    async head() {
      const row = last.get()
      // STRICT columns.
      return row ? { seq: row.seq as number, hash: row.hash as Uint8Array } : { seq: 0, hash: new Uint8Array(32) }
    },
    async close() {
      db.close()
    },
  }
}

function toBlock(row: Record<string, unknown>): Block {
  // STRICT columns read with bigints: `seq` and `n` are small, `at` is in ns and needs 64 bits.
  const { seq, at, n, hash, data } = row as { seq: bigint; at: bigint; n: bigint; hash: Uint8Array; data: Uint8Array }
  return { seq: Number(seq), at, count: Number(n), hash, data }
}
