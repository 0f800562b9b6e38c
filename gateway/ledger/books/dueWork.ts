import { floorDivCount, min } from '../../money/integers.ts'
import { UNITS_PER_SEGMENT } from '../archive/keyStore.ts'
import { SEGMENT_RECORDS } from '../rows/segment.ts'
import type { BookState } from './bookState.ts'

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

export type KeeperLimits = Readonly<{
  segmentsInMemory: number
  keyStoreSegmentsInMemory: number
  recordsBetween: number
  factsBetween: number
}>

export const LIMITS: KeeperLimits = {
  segmentsInMemory: SEGMENTS_IN_MEMORY,
  keyStoreSegmentsInMemory: KEY_STORE_SEGMENTS_IN_MEMORY,
  recordsBetween: RECORDS_BETWEEN,
  factsBetween: FACTS_BETWEEN,
}

/** The key stores of the state. */
export const KEY_STORES = ['keyStore', 'archive'] as const
export type KeyStoreName = (typeof KEY_STORES)[number]

/** Segments by their numbers, oldest first. */
export type DueSegments = Readonly<{ records: readonly number[]; items: readonly Readonly<{ name: KeyStoreName; n: number }>[] }>

/** What is known of the last snapshot, and what came since. */
export type SinceSnapshot = {
  /** The records and the block of the last snapshot, and the facts that came since. */
  records: number
  seq: number
  facts: number
  /** A snapshot in the store may refer to another archive than this one: until it is replaced, the segments of that stay as they are. */
  archiveIsNew: boolean
}

/** The segments that should not be in memory any more, as many as one time allows; undefined when there are none. */
export function dueSegments(state: BookState, limits: KeeperLimits, { archiveIsNew }: SinceSnapshot): DueSegments | undefined {
  const { log } = state.machine.state
  const records = numbers(log.first, floorDivCount(log.count, SEGMENT_RECORDS) - limits.segmentsInMemory)
  const names = KEY_STORES.filter((name) => name !== 'archive' || !archiveIsNew)
  const items = names.flatMap((name) => dueOf(state, name, limits).map((n) => ({ name, n })))
  return records.length + items.length === 0 ? undefined : { records, items }
}

/** True when a new snapshot should be taken: enough came since the last one, or the archive waits for one that refers to it. */
export function isSnapshotDue(state: BookState, limits: KeeperLimits, { records, facts, archiveIsNew }: SinceSnapshot): boolean {
  if (state.machine.state.log.count - records >= limits.recordsBetween || facts >= limits.factsBetween) return true
  return archiveIsNew && dueOf(state, 'archive', limits).length > 0
}

/** Segments of a key store that are full and older than those that stay. */
function dueOf(state: BookState, name: KeyStoreName, limits: KeeperLimits): number[] {
  const { first, end } = state[name]
  return numbers(first, floorDivCount(end, UNITS_PER_SEGMENT) - limits.keyStoreSegmentsInMemory)
}

/** The numbers from `first` to before `end`, as many as are archived at a time. */
function numbers(first: number, end: number): number[] {
  const count = min(end - first, ARCHIVED_AT_ONCE)
  return count > 0 ? Array.from({ length: count }, (_, i) => first + i) : []
}
