import { DatabaseSync } from 'node:sqlite'

/** How long to wait for the lock: a predecessor that was just killed may still hold it. */
const LOCK_WAIT_MS = 5000

/** Held by the one process that may write a journal. */
export type WriterLock = Readonly<{ release(): void }>

/**
 * Takes the lock beside a journal, or throws after five seconds. It is SQLite's own file lock on an empty database, so it is gone with its process.
 * The journal itself is not locked: a thread of ours moves its write-ahead log into it, and others may read it.
 */
export function takeWriterLock(journal: string): WriterLock {
  const db = new DatabaseSync(`${journal}.lock`, { timeout: LOCK_WAIT_MS })
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE')
    db.exec('BEGIN EXCLUSIVE')
    return { release: () => db.close() }
  } catch (cause) {
    db.close()
    if (!isBusy(cause)) throw cause
    throw new Error(
      `the journal ${journal} is in use by another process. Stop the other gateway, or start this one with another --data folder.`,
      { cause },
    )
  }
}

/** SQLITE_BUSY (5) and SQLITE_LOCKED (6), https://sqlite.org/rescode.html. */
function isBusy(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  return code === 5 || code === 6
}
