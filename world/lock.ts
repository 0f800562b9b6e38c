import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A killed predecessor may hold it for a moment. */
const WAIT_MS = 5_000

/** Takes what `path` names for this process alone, until it ends or calls what is answered. Undefined when another process has it. */
export function takeLock(path: string, waitMs: number = WAIT_MS): (() => void) | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  // The system takes a lock of SQLite's back from a process that ends, however it ends.
  const lock = new DatabaseSync(`${path}.lock`, { timeout: waitMs })
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;')
    return () => lock.close()
  } catch (error) {
    lock.close()
    if (error instanceof Error && 'errcode' in error && (error.errcode === 5 || error.errcode === 6)) return undefined
    throw error
  }
}
