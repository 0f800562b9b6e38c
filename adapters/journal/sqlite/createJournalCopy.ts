import { closeSync, fsyncSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Block, JournalHead } from '../../../gateway/ports/journal.ts'
import { openAnchor } from './headAnchor.ts'
import { markAsJournal } from './journalFormat.ts'

/** Blocks that are written at a time. */
const BATCH = 1_000

/** A journal that is put back block by block. */
type JournalCopy = Readonly<{
  /** The next block, as it was read from another journal. Throws when one is missing. */
  add: (block: Block) => void
  /** All of it is durable, with its head anchored, when this has returned. */
  end: () => JournalHead
  abandon: () => void
}>

/** Makes a new journal at `path` out of blocks that stand elsewhere. Nothing is durable before the end, because until then nobody relies on it. */
export function createJournalCopy(path: string): JournalCopy {
  const db = new DatabaseSync(path)
  db.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF')
  markAsJournal(db)
  const insert = db.prepare('INSERT INTO journal (seq, at, n, hash, data) VALUES (?, ?, ?, ?, ?)')
  let head: JournalHead = { seq: 0, hash: new Uint8Array(32) }
  db.exec('BEGIN')
  return {
    add({ seq, at, count, hash, data }) {
      if (seq !== head.seq + 1) throw new Error(`block ${seq} does not follow block ${head.seq}`)
      insert.run(seq, at, count, hash, data)
      head = { seq, hash }
      if (seq % BATCH === 0) db.exec('COMMIT; BEGIN')
    },
    end() {
      db.exec('COMMIT')
      db.close()
      const anchor = openAnchor(`${path}.head`)
      if (head.seq > 0) anchor.write(head)
      anchor.close()
      for (const file of head.seq > 0 ? [path, `${path}.head`] : [path]) {
        const handle = openSync(file, 'r')
        fsyncSync(handle)
        closeSync(handle)
      }
      return head
    },
    abandon: () => db.close(),
  }
}
