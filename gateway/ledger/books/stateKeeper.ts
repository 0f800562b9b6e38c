import type { JournalStore } from '../../ports/journal.ts'
import type { StateStore } from '../../ports/stateStore.ts'
import { clearKeyStore } from '../archive/keyStore.ts'
import { archiveSegments, openSegmentFiles, type SegmentFiles } from './archiveSegments.ts'
import type { BookState } from './bookState.ts'
import { dueSegments, isSnapshotDue, type KeeperLimits, LIMITS, type SinceSnapshot } from './dueWork.ts'
import { createHealing } from './healing.ts'
import { emptyMemories, fillMemories, whyUnfit } from './memoryImage.ts'
import type { ReplayedHead } from './replayJournal.ts'
import { beginSnapshot, type Remembered, readSnapshot, SNAPSHOT, type SnapshotContent, snapshotHead } from './snapshot.ts'

/** Where the journal has to be replayed from, and whether the memories know all facts up to there. */
type Restored = Readonly<{ head: ReplayedHead; remembered: boolean }>

/** Keeps the books' memory bounded and their start short, beside the commits. */
export type StateKeeper = Readonly<{
  /** Fills empty books from the last snapshot, if there is a good one, and all memories or none of them. */
  restore(): Promise<Restored | undefined>
  /** Builds again from the journal what could not be read, and answers whether all of it could be. */
  heal(): Promise<boolean>
  /** To be called once when the books are open: checks, beside the work, the files that nobody asks for. */
  check(): void
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
  options: Partial<Remembered> &
    Readonly<{ journal: Pick<JournalStore, 'read'>; warn: (line: string) => void; limits?: Partial<KeeperLimits> }>,
): StateKeeper {
  const { memories = [], basis = '', warn } = options
  const limits = { ...LIMITS, ...options.limits }
  const files = openSegmentFiles(state, store)
  const healing = createHealing(files, options.journal, warn)
  const since: SinceSnapshot = { records: 0, seq: 0, facts: 0, archiveIsNew: true }
  let working: Promise<boolean> | undefined
  /** No write has failed during the replay. */
  let sound = true

  /** Archives what is due, if anything is. */
  function archiving(): (() => Promise<void>) | undefined {
    const due = dueSegments(state, limits, since)
    return due && (() => archiveSegments(files, due))
  }

  function snapshotting(head: ReplayedHead): () => Promise<void> {
    return takeSnapshot(files, head, { memories, basis, since })
  }

  async function work(job: () => Promise<void>): Promise<boolean> {
    try {
      await job()
      return true
    } catch (error) {
      warn(`the state could not be written beside the journal, so memory grows and the next start takes longer: ${messageOf(error)}`)
      return false
    } finally {
      working = undefined
    }
  }

  async function workInReplay(job: () => Promise<void>): Promise<void> {
    sound = await work(job)
  }

  return {
    restore: () => restoreState(files, { memories, basis, since, warn }),
    heal: healing.heal,
    check: healing.check,
    replaying() {
      const job = sound ? archiving() : undefined
      return job && workInReplay(job)
    },
    replayed(read) {
      since.facts = read
    },
    committed(head, added) {
      since.facts += added
      if (working) return
      const job = archiving() ?? (isSnapshotDue(state, limits, since) && isArchiveGood(files) ? snapshotting(head) : undefined)
      if (job) working = work(job)
    },
    async close(head) {
      await healing.close()
      await working
      // Segments that wait go first: the snapshot is then as small as the limits allow.
      for (let job = archiving(); head && job; job = archiving()) if (!(await work(job))) break
      if (head && head.seq > since.seq && isArchiveGood(files)) await work(snapshotting(head))
      await store.close()
    },
  }
}

/** A snapshot of an archive that can not be read would keep the next start from building it again. */
function isArchiveGood({ damage }: SegmentFiles): boolean {
  for (const { of } of damage.found.values()) if (of === 'archive') return false
  return true
}

/** The picture is begun here, at this commit; what is returned writes it. */
function takeSnapshot(
  { state, store, digests }: SegmentFiles,
  head: ReplayedHead,
  { memories, basis, since }: Remembered & Readonly<{ since: SinceSnapshot }>,
): () => Promise<void> {
  const picture = beginSnapshot(state, head, { digests, memories, basis })
  since.records = state.machine.state.log.count
  since.seq = head.seq
  since.facts = 0
  return async () => {
    try {
      await store.write(SNAPSHOT, picture.parts())
      since.archiveIsNew = false
    } finally {
      picture.stop()
    }
  }
}

/** Fills empty books from the last snapshot, and the memories too when it fits them. */
async function restoreState(
  files: SegmentFiles,
  { memories, basis, since, warn }: Remembered & Readonly<{ since: SinceSnapshot; warn: (line: string) => void }>,
): Promise<Restored | undefined> {
  const content = await readSnapshot(files.store, warn)
  if (!content) return undefined
  const readMemories = content.restore(files.state, files.digests)
  const why = whyNotRemembered(content, readMemories, { files, memories, basis })
  if (why !== undefined) warn(`what the snapshot remembers of facts is not used, all facts are read: ${why}`)
  since.records = content.header.ledger.records
  // One that is of no use to the memories is replaced, also when nothing else happens.
  if (why === undefined) since.seq = content.header.seq
  since.archiveIsNew = why !== undefined
  return { head: snapshotHead(content), remembered: why === undefined }
}

/** Fills the memories; or says why not, and leaves them and the archive empty. */
function whyNotRemembered(
  { header }: SnapshotContent,
  read: ReturnType<SnapshotContent['restore']>,
  { memories, basis, files }: Remembered & Readonly<{ files: SegmentFiles }>,
): string | undefined {
  if (header.basis !== basis) return 'it was taken under another configuration'
  try {
    const content = read()
    const why = whyUnfit(memories, content)
    if (why === undefined) fillMemories(memories, content)
    else forgetArchive(files)
    return why
  } catch (error) {
    emptyMemories(memories)
    forgetArchive(files)
    return messageOf(error)
  }
}

function forgetArchive({ state, digests }: SegmentFiles): void {
  clearKeyStore(state.archive)
  digests.archive.length = 0
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
