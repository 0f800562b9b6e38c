import type { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'

/** Pages (4 KiB) of write-ahead log after which it is copied into the journal: 8 MiB. A log that is overwritten is quicker than one that grows. */
const PAGES = 2048
/** Pages after which commits wait for it, whatever it costs: the log does not grow without bound. */
const PAGES_MAX = 8 * PAGES
/** How long commits wait for the other thread before the committing one copies the log itself. */
const WAIT_MS = 5_000
const PAGE_BYTES = 4096
/** Pages that a commit writes beside those of its data: the leaf, its parents, the last page of the blob. */
const PAGES_BESIDE = 3

const THREAD = new URL(`./checkpointThread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)

/** Keeps the write-ahead log short. */
export type Checkpoints = Readonly<{
  /** Undefined while the log has room; else to be awaited before the next commit. */
  room(): Promise<void> | undefined
  /** To be told of every commit, after it. */
  committed(bytes: number): void
  close(): Promise<void>
}>

/**
 * Copies the write-ahead log of `db` from another thread, so that no commit waits for it. Commits that arrive meanwhile stay behind; the committing
 * thread copies those few when the other is done, and the next commit begins the log anew. The thread starts when there is something to do.
 */
export function startCheckpoints(db: DatabaseSync, path: string): Checkpoints {
  const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  let thread: Worker | undefined
  let asked = false
  let pages = 0
  let copied = () => {}

  function finish(): void {
    const { log, checkpointed } = checkpoint.get() ?? {}
    // A reader in the middle of the log keeps its end from being copied: the rest is for the next time.
    if (log === checkpointed) pages = 0
    asked = false
    copied()
  }

  function ask(): void {
    asked = true
    if (!thread) {
      thread = new Worker(THREAD, { workerData: path })
      thread.unref()
      thread.on('message', () => asked && finish())
      thread.on('error', () => {
        thread = undefined
        finish()
      })
    }
    thread.postMessage('checkpoint')
  }

  /** On a machine so busy that commits are quicker than the copying beside them. */
  async function wait(): Promise<void> {
    if (asked)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, WAIT_MS)
        copied = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    if (pages >= PAGES_MAX) finish()
  }

  return {
    room: () => (pages >= PAGES_MAX ? wait() : undefined),
    committed(bytes) {
      pages += (bytes - (bytes % PAGE_BYTES)) / PAGE_BYTES + PAGES_BESIDE
      if (pages >= PAGES && !asked) ask()
    },
    async close() {
      asked = false
      await thread?.terminate()
    },
  }
}
