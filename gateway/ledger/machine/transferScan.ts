import { CHUNK_RECORDS } from '../rows/chunk.ts'
import { KIND, TIMESTAMP } from '../rows/layout.ts'
import { wholeChunk } from '../rows/recordLog.ts'
import type { LedgerState } from '../rows/state.ts'
import { getU64, ROW_WORDS, type Rows } from '../rows/words.ts'

/** A transfer where it lies in its chunk. */
export type TransferRow = Readonly<{ rows: Rows; words: Uint32Array; at: number }>

/**
 * All transfers with timestamps from `min` to `max`, oldest or newest first. Transfers ascend by timestamp through the log, so the scan ends at the
 * first that is beyond the range; one with an early end of a long log reads the chunks before it, from the archive too.
 */
export function* transfersBetween(
  state: LedgerState,
  range: Readonly<{ min: bigint; max: bigint; reversed: boolean }>,
): Generator<TransferRow> {
  const { log } = state
  for (let i = 0; i < log.chunks.length; i++) {
    const n = range.reversed ? log.chunks.length - 1 - i : i
    const chunk = wholeChunk(log, n)
    const count = log.count - n * CHUNK_RECORDS < CHUNK_RECORDS ? log.count - n * CHUNK_RECORDS : CHUNK_RECORDS
    for (let k = 0; k < count; k++) {
      const local = range.reversed ? count - 1 - k : k
      if (chunk.kinds[local] !== KIND.transfer) continue
      const at = local * ROW_WORDS
      const timestamp = getU64(chunk.rows, at + TIMESTAMP)
      if (range.reversed ? timestamp < range.min : timestamp > range.max) return
      if (timestamp >= range.min && timestamp <= range.max) yield { rows: chunk.rows, words: chunk.rows.words, at }
    }
  }
}
