import { DatabaseSync } from 'node:sqlite'
import type { Block, JournalHead, JournalStore } from '../../../gateway/ports/journal.ts'
import { startCheckpoints } from './checkpoints.ts'
import { commitElsewhere } from './commitElsewhere.ts'
import { anchorPath, BUSY_WAIT_MS, commitsOf } from './commits.ts'
import { readAnchor } from './headAnchor.ts'
import { claimFormat } from './journalFormat.ts'
import { SHARED_BYTES_MAX } from './sharedBlock.ts'
import { newThread, type StartThread } from './startThread.ts'
import { takeWriterLock, type WriterLock } from './writerLock.ts'

/**
 * Blocks of so many submissions are committed by another thread: so many came at once, and more come while this block is synced. The change of threads
 * costs who comes alone more than it gains.
 */
const ELSEWHERE_FROM = 4
/** A thread that could not be started is tried again after so many of them. */
const START_AGAIN_AFTER = 1_000
/** Rows read at a time, so that a long journal is never in memory at once. */
const READ_PAGE = 256

const GENESIS: JournalHead = { seq: 0, hash: new Uint8Array(32) }

/**
 * Opens or creates the journal at `path`, with its head anchored beside it in `path`.head. Waits up to five seconds for another process to let go of
 * it, then throws. A small block is synced in this thread, which does nothing else meanwhile; one of many submissions in another. When one append fails, all
 * later ones do: what the disk holds is then not known until the journal is opened again. Where no other thread can be started, this one commits all.
 */
export function openSqliteJournal(path: string, { startThread = newThread }: Readonly<{ startThread?: StartThread }> = {}): JournalStore {
  const lock = takeWriterLock(path)
  try {
    return openLocked(path, { lock, startThread })
  } catch (error) {
    lock.release()
    throw error
  }
}

function openLocked(path: string, { lock, startThread }: Readonly<{ lock: WriterLock; startThread: StartThread }>): JournalStore {
  const db = openForWriting(path)
  const page = db.prepare('SELECT seq, at, n, hash, data FROM journal WHERE seq > ? ORDER BY seq LIMIT ?')
  page.setReadBigInts(true)
  let head = readHead(db)
  checkAnchor(db, head, anchorPath(path))
  const here = commitsOf(db, path)
  if (head.seq > 0) here.anchor(head)
  const checkpoints = startCheckpoints(db, path, startThread)
  const elsewhere = otherThread(path, startThread)
  let failed = false

  function commit(block: Block): Promise<void> | undefined {
    const isLarge = block.count >= ELSEWHERE_FROM && block.data.byteLength <= SHARED_BYTES_MAX
    const thread = isLarge ? elsewhere.ready() : undefined
    if (thread) return thread.commit(block)
    here.commit(block)
    return undefined
  }

  async function* read(after: number): AsyncGenerator<Block> {
    // The first page is one row, because often one block is wanted.
    for (let from = after, size = 1; ; size = READ_PAGE) {
      const blocks = page.all(from, size).map(toBlock)
      for (const block of blocks) {
        if (block.seq !== from + 1) throw new Error(`the journal has a gap: block ${from + 1} is missing, the next one is ${block.seq}`)
        from = block.seq
        yield block
      }
      if (blocks.length < size) return
    }
  }

  return {
    async append(block) {
      const room = checkpoints.room()
      if (room) await room
      if (block.seq !== head.seq + 1) throw new Error(`block ${block.seq} does not follow the journal's head ${head.seq}`)
      if (failed) throw new Error(`block ${block.seq} is not written: an append failed before it`)
      // True until it is known better: an exception between here and the end leaves it so.
      failed = true
      checkpoints.begins()
      const committed = commit(block)
      if (committed) await committed
      head = { seq: block.seq, hash: block.hash }
      failed = false
      checkpoints.committed(block.data.byteLength)
    },
    read,
    head: async () => head,
    async close() {
      await elsewhere.close()
      await checkpoints.close()
      here.close()
      lock.release()
    },
  }
}

/** The thread is started by the first block that it is for, and takes those after it has begun. */
function otherThread(path: string, startThread: StartThread) {
  let thread: ReturnType<typeof commitElsewhere> | undefined
  let hereFor = 0

  /** Undefined at the process's limit of threads: nothing was handed over, so nothing is unknown. */
  function start(): typeof thread {
    if (hereFor-- > 0) return undefined
    try {
      return commitElsewhere(path, startThread)
    } catch {
      hereFor = START_AGAIN_AFTER
      return undefined
    }
  }

  return {
    ready(): typeof thread {
      thread ??= start()
      return thread?.isReady() ? thread : undefined
    },
    close: async () => thread?.close(),
  }
}

function openForWriting(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_WAIT_MS })
  try {
    db.exec('BEGIN IMMEDIATE')
    claimFormat(db, path)
    db.exec('COMMIT')
    db.exec('PRAGMA journal_mode = WAL')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Refuses a journal that lost blocks which were acknowledged, or that is not the one anchored. */
function checkAnchor(db: DatabaseSync, head: JournalHead, path: string): void {
  const anchored = readAnchor(path)
  if (!anchored || anchored.seq === 0) return
  const row = db.prepare('SELECT hash FROM journal WHERE seq = ?').get(anchored.seq)
  // STRICT column.
  if (row && Buffer.compare(row.hash as Uint8Array, anchored.hash) === 0) return
  db.close()
  throw new Error(
    row
      ? `block ${anchored.seq} of the journal is not the one anchored in ${path}: the journal was replaced or changed. Restore it from a copy.`
      : `the journal ends at block ${head.seq}, but block ${anchored.seq} was committed (${path}): data was lost. Restore the journal from a copy.`,
  )
}

function readHead(db: DatabaseSync): JournalHead {
  const row = db.prepare('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1').get()
  // STRICT columns: the types are the table's.
  return row ? { seq: row.seq as number, hash: row.hash as Uint8Array } : GENESIS
}

function toBlock(row: Record<string, unknown>): Block {
  // STRICT columns read with bigints: `seq` and `n` are small, `at` is in ns and needs 64 bits.
  const { seq, at, n, hash, data } = row as { seq: bigint; at: bigint; n: bigint; hash: Uint8Array; data: Uint8Array }
  return { seq: Number(seq), at, count: Number(n), hash, data }
}
