import type { StateStore } from '../../ports/stateStore.ts'
import { releaseKeyStoreSegment } from '../archive/keyStore.ts'
import { releaseSegment } from '../rows/recordLog.ts'
import type { SegmentStore } from '../rows/segmentStore.ts'
import type { BookState } from './bookState.ts'
import { type DueSegments, KEY_STORES, type KeyStoreName } from './dueWork.ts'
import type { Digests } from './snapshot.ts'

/** What the files of segments are called, each with its number. Data folders have them under these names, so they stay. */
const FILE_NAMES = { records: 'records', keyStore: 'shelf', archive: 'past' } as const

/** The books, the files that their segments leave memory for, and the digest of each file. */
export type SegmentFiles = Readonly<{ state: BookState; store: StateStore; digests: Digests }>

/** The files of the segments of empty books, which from now on read in them what has left memory. */
export function openSegmentFiles(state: BookState, store: StateStore): SegmentFiles {
  const digests: Digests = { records: [], keyStore: [], archive: [] }
  state.machine.state.log.segmentStore = filesOf(store, FILE_NAMES.records, digests.records)
  for (const name of KEY_STORES) state[name].segmentStore = filesOf(store, FILE_NAMES[name], digests[name])
  return { state, store, digests }
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

/** Segments as files of this store, each checked against the digest that the state remembers. */
function filesOf(store: StateStore, name: string, digests: readonly Uint8Array[]): SegmentStore {
  return { read: (segment, offset, length) => store.readAt(`${name}-${segment}`, digests[segment]!, offset, length) }
}
