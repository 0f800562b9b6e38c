import type { StateStore } from '../../ports/stateStore.ts'
import { clearKeyStore, releaseKeyStoreSegment, UNITS_PER_SEGMENT } from '../archive/keyStore.ts'
import { firstInMemory } from '../rows/ledgerImage.ts'
import { releaseSegment } from '../rows/recordLog.ts'
import { SEGMENT_RECORDS } from '../rows/segment.ts'
import type { BookState } from './bookState.ts'
import { emptyMemories, fillMemories, whyUnfit } from './memoryImage.ts'
import type { ReplayedHead } from './replayJournal.ts'
import { beginSnapshot, type Digests, type Remembered, readSnapshot, SNAPSHOT, type SnapshotContent, snapshotHead } from './snapshot.ts'

/** Segments of records that stay in memory: 256 Ki records, 35 MiB. What is retried or resolved is mostly younger. */
const SEGMENTS_IN_MEMORY = 16
/** Segments of each key store that stay in memory: 16 MiB. */
const KEY_STORE_SEGMENTS_IN_MEMORY = 4
/**
 * Segments that are archived side by side. A file takes a dozen turns of the event loop, which under full load are as long as a commit each: one after
 * another they would come slower than the records.
 */
const ARCHIVED_AT_ONCE = 32
/** Records between two snapshots: a start replays at most about as many, in a few seconds. */
const RECORDS_BETWEEN = 2_000_000
/** Facts between two snapshots, for traffic that books little. */
const FACTS_BETWEEN = 500_000

/** The key stores of the state. */
const KEY_STORES = ['keyStore', 'archive'] as const
/** What the files of their segments are called. Data folders have them under these names, so they stay. */
const FILE_NAMES = { keyStore: 'shelf', archive: 'past' } as const

export type KeeperLimits = Readonly<{
  segmentsInMemory: number
  keyStoreSegmentsInMemory: number
  recordsBetween: number
  factsBetween: number
}>

const LIMITS: KeeperLimits = {
  segmentsInMemory: SEGMENTS_IN_MEMORY,
  keyStoreSegmentsInMemory: KEY_STORE_SEGMENTS_IN_MEMORY,
  recordsBetween: RECORDS_BETWEEN,
  factsBetween: FACTS_BETWEEN,
}

/** Where the journal has to be replayed from, and whether the memories know all facts up to there. */
export type Restored = Readonly<{ head: ReplayedHead; remembered: boolean }>

/** Keeps the books' memory bounded and their start short, beside the commits. */
export type StateKeeper = Readonly<{
  /** Fills empty books from the last snapshot, if there is a good one, and all memories or none of them. */
  restore(): Promise<Restored | undefined>
  /** To be called after each block that is replayed: lets go of what is old, so that memory is bounded then too. To be awaited when it says so. */
  replaying(): Promise<void> | undefined
  /** To be told how many facts were read since the snapshot. */
  replayed(facts: number): void
  /** To be told of every commit, when the books are exactly what the journal holds, with its facts. Starts what is due, one thing at a time. */
  committed(head: ReplayedHead, facts: number): void
  /** Waits for what is under way and takes a last snapshot, when there is something new in it. Without a head: memory is not what the journal holds. */
  close(head: ReplayedHead | undefined): Promise<void>
}>

/** `warn` is told of a snapshot that could not be used or written: nothing is lost by that, but a start takes longer. */
export function createStateKeeper(
  state: BookState,
  store: StateStore,
  options: Partial<Remembered> & Readonly<{ warn: (line: string) => void; limits?: Partial<KeeperLimits> }>,
): StateKeeper {
  const { log } = state.machine.state
  const limits = { ...LIMITS, ...options.limits }
  const { memories = [], basis = '' } = options
  const digests: Digests = { records: [], keyStore: [], archive: [] }
  log.segmentStore = segmentStoreIn(store, 'records', digests.records)
  for (const kind of KEY_STORES) state[kind].segmentStore = segmentStoreIn(store, FILE_NAMES[kind], digests[kind])
  let working: Promise<boolean> | undefined
  /** No write has failed during the replay. */
  let sound = true
  /** The records and the block of the last snapshot, and the facts that came since. */
  let snapshotAt = 0
  let snapshotSeq = 0
  let facts = 0
  /** A snapshot in the store may refer to another archive than this one: until it is replaced, the segments of that stay as they are. */
  let archiveIsNew = true

  /** The next thing to do, or undefined. */
  function nextJob(head: ReplayedHead): (() => Promise<void>) | undefined {
    const due = log.count - snapshotAt >= limits.recordsBetween || facts >= limits.factsBetween
    return dueSegments() ?? (due || (archiveIsNew && dueOf('archive').length > 0) ? snapshot(head) : undefined)
  }

  /** Segments of a key store that are full and older than those that stay. */
  function dueOf(kind: (typeof KEY_STORES)[number]): number[] {
    const { segments, end } = state[kind]
    const oldest = segments.findIndex((segment) => segment !== undefined)
    return places(oldest < 0 ? segments.length : oldest, whole(end, UNITS_PER_SEGMENT) - limits.keyStoreSegmentsInMemory)
  }

  /** Archives segments that should not be in memory any more, as many as one time allows. */
  function dueSegments(): (() => Promise<void>) | undefined {
    const records = places(firstInMemory(state.machine.state), whole(log.count, SEGMENT_RECORDS) - limits.segmentsInMemory)
    const items = KEY_STORES.filter((kind) => kind !== 'archive' || !archiveIsNew).flatMap((kind) => dueOf(kind).map((n) => ({ kind, n })))
    if (records.length + items.length === 0) return undefined
    return async () => {
      const written = await Promise.allSettled([...items.map(archiveKeyStoreSegment), ...records.map(archiveSegment)])
      // They leave memory in order, so that what is archived has no gap.
      for (const result of written) {
        if (result.status === 'rejected') throw result.reason
        result.value()
      }
    }
  }

  /** Writes a segment and returns how it leaves memory. */
  async function archiveSegment(n: number): Promise<() => void> {
    const digest = await store.write(`records-${n}`, [log.segments[n]!.bytes])
    return () => {
      digests.records[n] = digest
      releaseSegment(log, n)
    }
  }

  async function archiveKeyStoreSegment({ kind, n }: { kind: (typeof KEY_STORES)[number]; n: number }): Promise<() => void> {
    const digest = await store.write(`${FILE_NAMES[kind]}-${n}`, [state[kind].segments[n]!])
    return () => {
      digests[kind][n] = digest
      releaseKeyStoreSegment(state[kind], n)
    }
  }

  /** The picture is begun here, at this commit, and written later. */
  function snapshot(head: ReplayedHead): () => Promise<void> {
    const picture = beginSnapshot(state, head, { digests, memories, basis })
    snapshotAt = log.count
    snapshotSeq = head.seq
    facts = 0
    return async () => {
      try {
        await store.write(SNAPSHOT, picture.parts())
        archiveIsNew = false
      } finally {
        picture.stop()
      }
    }
  }

  /** Fills the memories; or says why not, and leaves them empty. */
  function whyNotRemembered({ header }: SnapshotContent, read: ReturnType<SnapshotContent['restore']>): string | undefined {
    if (header.basis !== basis) return 'it was taken under another configuration'
    try {
      const content = read()
      const why = whyUnfit(memories, content)
      if (why === undefined) fillMemories(memories, content)
      else forgetArchive()
      return why
    } catch (error) {
      emptyMemories(memories)
      forgetArchive()
      return messageOf(error)
    }
  }

  function forgetArchive(): void {
    clearKeyStore(state.archive)
    digests.archive.length = 0
  }

  async function work(job: () => Promise<void>): Promise<boolean> {
    try {
      await job()
      return true
    } catch (error) {
      options.warn(
        `the state could not be written beside the journal, so memory grows and the next start takes longer: ${messageOf(error)}`,
      )
      return false
    } finally {
      working = undefined
    }
  }

  async function archiving(job: () => Promise<void>): Promise<void> {
    sound = await work(job)
  }

  return {
    async restore() {
      const content = await readSnapshot(store, options.warn)
      if (!content) return undefined
      const readMemories = content.restore(state, digests)
      const why = whyNotRemembered(content, readMemories)
      if (why !== undefined) options.warn(`what the snapshot remembers of facts is not used, all facts are read: ${why}`)
      snapshotAt = content.header.ledger.records
      // One that is of no use to the memories is replaced, also when nothing else happens.
      if (why === undefined) snapshotSeq = content.header.seq
      archiveIsNew = why !== undefined
      return { head: snapshotHead(content), remembered: why === undefined }
    },
    replaying() {
      const job = sound ? dueSegments() : undefined
      return job && archiving(job)
    },
    replayed(read) {
      facts = read
    },
    committed(head, added) {
      facts += added
      if (working) return
      const job = nextJob(head)
      if (job) working = work(job)
    },
    async close(head) {
      await working
      // Segments that wait go first: the snapshot is then as small as the limits allow.
      for (let job = dueSegments(); head && job; job = dueSegments()) if (!(await work(job))) break
      if (head && head.seq > snapshotSeq) await work(snapshot(head))
      await store.close()
    },
  }
}

/** How many segments are full. */
function whole(count: number, ofSegment: number): number {
  return (count - (count % ofSegment)) / ofSegment
}

function places(first: number, end: number): number[] {
  const count = end - first < ARCHIVED_AT_ONCE ? end - first : ARCHIVED_AT_ONCE
  return count > 0 ? Array.from({ length: count }, (_, i) => first + i) : []
}

/** Segments as files of this store, each checked against the digest that the state remembers. */
function segmentStoreIn(store: StateStore, name: string, digests: readonly Uint8Array[]) {
  return {
    read(segment: number, offset: number, length: number): Uint8Array<ArrayBuffer> {
      return store.readAt(`${name}-${segment}`, digests[segment]!, offset, length)
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
