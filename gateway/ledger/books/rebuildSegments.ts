import { setTimeout as pause } from 'node:timers/promises'
import type { JournalHead, JournalStore } from '../../ports/journal.ts'
import { releaseKeyStoreSegment, UNITS_PER_SEGMENT } from '../archive/keyStore.ts'
import { decodeBlock } from '../journal/blockData.ts'
import { clearTable } from '../rows/hashTable.ts'
import { openRecords } from '../rows/recordBytes.ts'
import { isFoundById } from '../rows/recordLog.ts'
import { fileRecord, newSegment, SEGMENT_RECORDS } from '../rows/segment.ts'
import { copyWords, ROW_WORDS } from '../rows/words.ts'
import { emptyBooks } from './bookState.ts'
import { checkLink, GENESIS, noteSubmissions } from './replayJournal.ts'

/** Blocks that are read in one go, and the pause after them: the rest of the time is the payments'. */
const BLOCKS_AT_ONCE = 64
const PAUSE_MS = 5

/** A segment by what it holds and its number. */
export type SegmentName = Readonly<{ of: 'records' | 'keyStore'; n: number }>

/**
 * Reads the journal from its beginning and yields the bytes of these full segments, which are the same as they were: what they hold, and the order of it, is
 * the journal's. It ends when all are found, or the journal does.
 */
export async function* rebuildSegments(
  journal: Pick<JournalStore, 'read'>,
  wanted: readonly SegmentName[],
): AsyncGenerator<SegmentName & Readonly<{ bytes: Uint8Array }>> {
  const records = recordSegments()
  const items = keyStoreSegments()
  let left = wanted.length
  let head: JournalHead = GENESIS
  for await (const block of journal.read(0)) {
    checkLink(head, block)
    head = block
    const content = decodeBlock(block.data)
    noteSubmissions(items.state, content, block.seq)
    for (const found of [...records.add(content.recordBytes), ...items.full()]) {
      if (!wanted.some(({ of, n }) => of === found.of && n === found.n)) continue
      yield found
      left -= 1
      if (left === 0) return
    }
    if (block.seq % BLOCKS_AT_ONCE === 0) await pause(PAUSE_MS, undefined, { ref: false })
  }
}

/** Segments of records, as they become full. */
function recordSegments() {
  let segment = newSegment()
  let n = 0
  let local = 0
  return {
    *add(recordBytes: Uint8Array): Generator<SegmentName & { bytes: Uint8Array }> {
      const { kinds, rows } = openRecords(recordBytes)
      for (const [i, kind] of kinds.entries()) {
        copyWords(segment.rows.words, local * ROW_WORDS, rows.words, i * ROW_WORDS, ROW_WORDS)
        segment.kinds[local] = kind
        if (isFoundById(kind)) fileRecord(segment, local)
        local += 1
        if (local < SEGMENT_RECORDS) continue
        yield { of: 'records', n, bytes: segment.bytes }
        segment = newSegment()
        n += 1
        local = 0
      }
    },
  }
}

/** Segments of claims and entries, as they become full. Nothing is looked up in these books. */
function keyStoreSegments() {
  const state = emptyBooks(0)
  const { keyStore } = state
  keyStore.segmentStore = { read: (_segment, _offset, length) => new Uint8Array(length) }
  return {
    state,
    *full(): Generator<SegmentName & { bytes: Uint8Array }> {
      for (let n = keyStore.first; (n + 1) * UNITS_PER_SEGMENT <= keyStore.end; n++) {
        yield { of: 'keyStore', n, bytes: keyStore.segments[n]! }
        releaseKeyStoreSegment(keyStore, n)
        clearTable(keyStore.places)
      }
    },
  }
}
