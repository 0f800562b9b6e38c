import type { DatabaseSync } from 'node:sqlite'
import type { Block, JournalHead } from '../../../gateway/ports/journal.ts'
import { openAnchor } from './headAnchor.ts'

/** How long to wait for a reader or a checkpoint that stands in the way. */
export const BUSY_WAIT_MS = 5000

/** One of the two connections that write a journal, of which one at a time has a block. */
type Commits = Readonly<{
  /** Returns once the block is durable and anchored. */
  commit(block: Block): void
  /** Anchors a block that is durable already. */
  anchor(head: JournalHead): void
  close(): void
}>

/** Commits over an open journal. */
export function commitsOf(db: DatabaseSync, path: string): Commits {
  db.exec('PRAGMA synchronous = FULL')
  // See `checkpoints.ts`.
  db.exec('PRAGMA wal_autocheckpoint = 0')
  const insert = db.prepare('INSERT INTO journal (seq, at, n, hash, data) VALUES (?, ?, ?, ?, ?)')
  const anchor = openAnchor(anchorPath(path))
  return {
    commit(block) {
      insert.run(block.seq, block.at, block.count, block.hash, block.data)
      anchor.write(block)
    },
    anchor: anchor.write,
    close() {
      anchor.close()
      db.close()
    },
  }
}

/** Where the head of the journal at `path` is anchored. */
export function anchorPath(path: string): string {
  return `${path}.head`
}
