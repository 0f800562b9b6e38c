import { floorDivCount } from '../../money/integers.ts'
import { releaseKeyStoreSegment, UNITS_PER_SEGMENT } from '../archive/keyStore.ts'
import { PENDING, releaseSegment } from '../rows/recordLog.ts'
import { SEGMENT_RECORDS } from '../rows/segment.ts'
import type { BookState } from './bookState.ts'

/** Segments that are looked at again whenever one more is full: holds resolve, so an old one may be free by now. */
const LOOK_AT_MAX = 64

/**
 * For a replay that only wants balances: lets go of all records but those of segments with an open hold, so that memory does not grow with the journal.
 * Returns what has to be called after each block. Nothing else may be looked up in such books.
 */
export function forgetSettled(state: BookState): () => void {
  const { log } = state.machine.state
  const { keyStore } = state
  // What is gone reads as zeros: an index without entries.
  const nothing = { read: (_segment: number, _offset: number, length: number) => new Uint8Array(length) }
  log.segmentStore = nothing
  keyStore.segmentStore = nothing
  let lookedAt = 0
  let keyStoreSegments = 0
  let kept: number[] = []

  function hasOpenHold(n: number): boolean {
    return log.statuses[n]?.includes(PENDING.pending) ?? false
  }

  return () => {
    const full = floorDivCount(log.count, SEGMENT_RECORDS)
    if (lookedAt < full) {
      while (lookedAt < full) kept.push(lookedAt++)
      const [looked, rest] = [kept.slice(0, LOOK_AT_MAX), kept.slice(LOOK_AT_MAX)]
      const held = looked.filter(hasOpenHold)
      for (const n of looked) if (!held.includes(n)) releaseSegment(log, n)
      kept = [...rest, ...held]
    }
    for (; (keyStoreSegments + 1) * UNITS_PER_SEGMENT <= keyStore.end; keyStoreSegments++)
      releaseKeyStoreSegment(keyStore, keyStoreSegments)
  }
}
