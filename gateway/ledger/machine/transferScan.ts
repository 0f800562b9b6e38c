import { min } from '../../money/integers.ts'
import { KIND, TIMESTAMP } from '../rows/layout.ts'
import { wholeSegment } from '../rows/recordLog.ts'
import { SEGMENT_RECORDS } from '../rows/segment.ts'
import type { LedgerState } from '../rows/state.ts'
import { getU64, ROW_WORDS, type Rows } from '../rows/words.ts'

/** A transfer where it lies in its segment. */
export type TransferRow = Readonly<{ rows: Rows; words: Uint32Array; at: number }>

/**
 * All transfers with timestamps from `min` to `max`, oldest or newest first. Transfers ascend by timestamp through the log, so the scan ends at the
 * first that is beyond the range; one with an early end of a long log reads the segments before it, from the segment store too.
 */
export function* transfersBetween(
  state: LedgerState,
  range: Readonly<{ min: bigint; max: bigint; reversed: boolean }>,
): Generator<TransferRow> {
  const { log } = state
  for (let i = 0; i < log.segments.length; i++) {
    const n = range.reversed ? log.segments.length - 1 - i : i
    const segment = wholeSegment(log, n)
    const count = min(log.count - n * SEGMENT_RECORDS, SEGMENT_RECORDS)
    for (let k = 0; k < count; k++) {
      const local = range.reversed ? count - 1 - k : k
      if (segment.kinds[local] !== KIND.transfer) continue
      const at = local * ROW_WORDS
      const timestamp = getU64(segment.rows, at + TIMESTAMP)
      if (range.reversed ? timestamp < range.min : timestamp > range.max) return
      if (timestamp >= range.min && timestamp <= range.max) yield { rows: segment.rows, words: segment.rows.words, at }
    }
  }
}
