import type { StateStore } from '../../ports/stateStore.ts'
import { releaseKeyStoreSegment } from '../archive/keyStore.ts'
import { releaseSegment } from '../rows/recordLog.ts'
import { type SegmentStore, SegmentUnreadable } from '../rows/segmentStore.ts'
import type { BookState } from './bookState.ts'
import { type DueSegments, KEY_STORES, type KeyStoreName } from './dueWork.ts'
import type { Digests } from './snapshot.ts'

/** What the files of segments are called, each with its number. Data folders have them under these names, so they stay. */
export const FILE_NAMES = { records: 'records', keyStore: 'shelf', archive: 'past' } as const

/** A segment's file, by what it holds and its number. */
type FileName = Readonly<{ of: keyof typeof FILE_NAMES; n: number }>

/** The files that could not be read, by name, and who hears of each once. */
type Damage = { readonly found: Map<string, FileName>; heard: (file: FileName, why: string) => void }

/** The books, the files that their segments leave memory for, the digest of each file, and which of them are damaged. */
export type SegmentFiles = Readonly<{ state: BookState; store: StateStore; digests: Digests; damage: Damage }>

/** The files of the segments of empty books, which from now on read in them what has left memory. */
export function openSegmentFiles(state: BookState, store: StateStore): SegmentFiles {
  const digests: Digests = { records: [], keyStore: [], archive: [] }
  const damage: Damage = { found: new Map(), heard: () => undefined }
  const files = { state, store, digests, damage }
  state.machine.state.log.segmentStore = segmentStoreOf(files, 'records')
  for (const name of KEY_STORES) state[name].segmentStore = segmentStoreOf(files, name)
  return files
}

/** Writes segments to their files, side by side, and lets them leave memory. Throws when a file could not be written; those before it have left then. */
export async function archiveSegments(files: SegmentFiles, { records, items }: DueSegments): Promise<void> {
  const written = await Promise.allSettled([
    ...items.map(({ name, n }) => writeItems(files, name, n)),
    ...records.map((n) => writeRecords(files, n)),
  ])
  // They leave memory in order, so that what is archived has no gap.
  for (const result of written) {
    if (result.status === 'rejected') throw result.reason
    result.value()
  }
}

/** Writes a segment of records and returns how it leaves memory. */
async function writeRecords({ state, store, digests }: SegmentFiles, n: number): Promise<() => void> {
  const { log } = state.machine.state
  const digest = await store.write(`${FILE_NAMES.records}-${n}`, [log.segments[n]!.bytes])
  return () => {
    digests.records[n] = digest
    releaseSegment(log, n)
  }
}

/** Writes a segment of a key store and returns how it leaves memory. */
async function writeItems({ state, store, digests }: SegmentFiles, name: KeyStoreName, n: number): Promise<() => void> {
  const digest = await store.write(`${FILE_NAMES[name]}-${n}`, [state[name].segments[n]!])
  return () => {
    digests[name][n] = digest
    releaseKeyStoreSegment(state[name], n)
  }
}

/** Segments as files, each checked against the digest that the state remembers. */
export function segmentStoreOf({ store, digests, damage }: SegmentFiles, of: keyof typeof FILE_NAMES): SegmentStore {
  return {
    read(n, offset, length) {
      const name = `${FILE_NAMES[of]}-${n}`
      if (damage.found.has(name)) throw new SegmentUnreadable()
      try {
        return store.readAt(name, digests[of][n]!, offset, length)
      } catch (error) {
        damage.found.set(name, { of, n })
        damage.heard({ of, n }, error instanceof Error ? error.message : String(error))
        throw new SegmentUnreadable()
      }
    },
  }
}
