import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Worker } from 'node:worker_threads'
import type { StartThread } from './startThread.ts'

/** Pages (4 KiB) of write-ahead log after which it is copied into the journal: 8 MiB. A log that is overwritten is quicker than one that grows. */
const PAGES = 2048
/** Pages after which commits wait for it, whatever it costs: the log does not grow without bound. */
const PAGES_MAX = 8 * PAGES
/** Pages that are copied between two commits, which takes it a millisecond or two. */
const PAGES_FEW = 64
/** How often the other thread copies what arrived while it was copying, before the rest is copied however much it is. */
const ROUNDS_MAX = 4
/** How long commits wait for the other thread before the committing one copies the log itself. */
const WAIT_MS = 5_000
const PAGE_BYTES = 4096
/** Pages that a commit writes beside those of its data: the leaf, its parents, the last page of the blob. */
const PAGES_BESIDE = 3

const THREAD = new URL(`./checkpointThread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)

/** Keeps the write-ahead log short. */
type Checkpoints = Readonly<{
  /** Undefined while the log has room; else to be awaited before the next commit. */
  room(): Promise<void> | undefined
  /** To be told before every commit, and after it. What is committed while the end of the log is copied keeps it from beginning anew. */
  begins(): void
  committed(bytes: number): void
  close(): Promise<void>
}>

/**
 * Copies the write-ahead log of `db` from another thread, so that no commit waits for it. What is committed meanwhile stays behind, and the other
 * thread copies that too, until it is little; the rest is copied between two commits, and the next one begins the log anew. The thread starts when there is
 * something to do.
 */
export function startCheckpoints(db: DatabaseSync, path: string, startThread: StartThread): Checkpoints {
  const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  const between = betweenCommits(finish)
  const thread = copyThread(path, { startThread, answered, died: between.run })
  let asked = false
  let pages = 0
  /** Pages since the other thread was asked last, and how often it was asked for this log. */
  let newer = 0
  let rounds = 0
  let copied = () => {}

  function finish(): void {
    if (isCopied(checkpoint)) pages = 0
    asked = false
    rounds = 0
    copied()
  }

  function ask(): void {
    asked = true
    newer = 0
    rounds += 1
    thread.copy()
  }

  /** Each round has less to copy, because less arrived during the one before. */
  function answered(): void {
    if (!asked) return
    if (newer > PAGES_FEW && rounds < ROUNDS_MAX) ask()
    else between.run()
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
    begins: between.begins,
    committed(bytes) {
      const written = (bytes - (bytes % PAGE_BYTES)) / PAGE_BYTES + PAGES_BESIDE
      pages += written
      newer += written
      between.ended()
      if (pages >= PAGES && !asked) ask()
    },
    async close() {
      asked = false
      await thread.close()
    },
  }
}

/** Does the work at once, or as soon as the commit that is under way has ended. */
function betweenCommits(work: () => void) {
  let isCommitting = false
  let isDue = false
  return {
    begins(): void {
      isCommitting = true
    },
    ended(): void {
      isCommitting = false
      if (isDue) work()
      isDue = false
    },
    run(): void {
      if (isCommitting) isDue = true
      else work()
    },
  }
}

/** The other thread. It starts when it is asked for something, also after one that has died. */
function copyThread(path: string, o: Readonly<{ startThread: StartThread; answered: () => void; died: () => void }>) {
  let thread: Worker | undefined

  function start(): Worker {
    const started = o.startThread(THREAD, { workerData: path })
    started.unref()
    started.on('message', o.answered)
    started.on('error', () => {
      thread = undefined
      o.died()
    })
    return started
  }

  return {
    copy(): void {
      try {
        thread ??= start()
      } catch {
        // The process may have no more threads: the one that commits copies it, as it does for one that has died.
        o.died()
      }
      thread?.postMessage('checkpoint')
    },
    async close(): Promise<void> {
      await thread?.terminate()
    },
  }
}

/** False while a reader in the middle of the log keeps its end from being copied, and on a full disk: the rest is for the next time. */
function isCopied(checkpoint: StatementSync): boolean {
  try {
    const { log, checkpointed } = checkpoint.get() ?? {}
    return log === checkpointed
  } catch {
    // What is in the log is durable. A commit that has no room either says so itself.
    return false
  }
}
