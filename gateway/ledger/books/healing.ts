import { setTimeout as pause } from 'node:timers/promises'
import { min } from '../../money/integers.ts'
import type { JournalStore } from '../../ports/journal.ts'
import { KEY_STORE_SEGMENT_BYTES } from '../archive/keyStore.ts'
import { SEGMENT_BYTES } from '../rows/segment.ts'
import { type SegmentStore, SegmentUnreadable } from '../rows/segmentStore.ts'
import { FILE_NAMES, type SegmentFiles, segmentStoreOf } from './archiveSegments.ts'
import { rebuildSegments, type SegmentName } from './rebuildSegments.ts'
import { SNAPSHOT } from './snapshot.ts'

/** Bytes of a file that are checked in one go, and the pause after them. */
const BYTES_AT_ONCE = 64 * 1024
const PAUSE_MS = 20
/** Before another try, when a file could not be written. */
const RETRY_MS = 10_000

type Healing = Readonly<{
  /** Builds what is damaged again, and answers whether all of it could be. */
  heal(): Promise<boolean>
  /** Begins to check all files, one after the other, beside the work. */
  check(): void
  close(): Promise<void>
}>

/** Finds damaged files of segments and builds them again from the journal, while the books go on. What needs one meanwhile is refused with `too_busy`. */
export function createHealing(files: SegmentFiles, journal: Pick<JournalStore, 'read'>, warn: (line: string) => void): Healing {
  const closing = new AbortController()
  const { signal } = closing
  let healing: Promise<boolean> | undefined
  let removing: Promise<void> | undefined
  let checking: Promise<void> | undefined

  files.damage.heard = ({ of, n }, why) => {
    const name = `${FILE_NAMES[of]}-${n}`
    if (of === 'archive') {
      warn(`${name} can not be read, and nothing that ended in it. The next start reads the whole journal and builds it again: ${why}`)
      removing = files.store.remove(SNAPSHOT).catch((error: unknown) => warn(`the snapshot could not be removed: ${String(error)}`))
      return
    }
    warn(`${name} can not be read and is built again from the journal: ${why}`)
    void heal()
  }

  function heal(): Promise<boolean> {
    healing ??= rebuildAll().finally(() => {
      healing = undefined
    })
    return healing
  }

  async function rebuildAll(): Promise<boolean> {
    for (let wanted = wantedOf(files); wanted.length > 0; wanted = wantedOf(files)) {
      try {
        for await (const { of, n, bytes } of rebuildSegments(journal, wanted)) {
          if (signal.aborted) return false
          await replace(files, { of, n }, bytes)
        }
        if (wanted.some(({ of, n }) => files.damage.found.has(`${FILE_NAMES[of]}-${n}`))) {
          warn('the journal does not give back what a damaged file held: remove the folder with the state files')
          return false
        }
      } catch (error) {
        warn(`a damaged file could not be built again: ${error instanceof Error ? error.message : String(error)}`)
        await pause(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined)
        if (signal.aborted) return false
      }
    }
    return true
  }

  return {
    heal,
    check() {
      checking = checkAll(files, signal).catch((error: unknown) => {
        if (!signal.aborted) warn(`the state files could not be checked: ${String(error)}`)
      })
    },
    async close() {
      closing.abort()
      await Promise.all([healing, checking, removing])
    },
  }
}

/** Reads all files, slowly; who reads a damaged one says so. */
async function checkAll(files: SegmentFiles, signal: AbortSignal): Promise<void> {
  for (const held of ['keyStore', 'records', 'archive'] as const) {
    const bytes = held === 'records' ? SEGMENT_BYTES : KEY_STORE_SEGMENT_BYTES
    const segments = segmentStoreOf(files, held)
    // Those that leave memory meanwhile were just written.
    for (let n = 0, count = files.digests[held].length; n < count; n++) {
      for (let at = 0, good = true; at < bytes && good; at += BYTES_AT_ONCE) {
        await pause(PAUSE_MS, undefined, { signal, ref: false })
        good = isReadable(segments, n, at, min(BYTES_AT_ONCE, bytes - at))
      }
    }
  }
}

function isReadable(segments: SegmentStore, n: number, at: number, length: number): boolean {
  try {
    return segments.read(n, at, length).byteLength === length
  } catch (error) {
    if (error instanceof SegmentUnreadable) return false
    throw error
  }
}

function wantedOf({ damage }: SegmentFiles): SegmentName[] {
  return [...damage.found.values()].flatMap(({ of, n }) => (of === 'archive' ? [] : [{ of, n }]))
}

/** Puts a segment's file back when its bytes are what the state remembers. */
async function replace({ store, digests, damage }: SegmentFiles, { of, n }: SegmentName, bytes: Uint8Array): Promise<void> {
  const name = `${FILE_NAMES[of]}-${n}`
  const digest = await store.write(name, [bytes])
  if (Buffer.compare(digest, digests[of][n]!) === 0) damage.found.delete(name)
}
