import * as f from '../rows/layout.ts'
import { PENDING, pendingStatusAt, type RecordLog, type RecordRow, recordAt } from '../rows/recordLog.ts'
import { SegmentUnreadable } from '../rows/segmentStore.ts'
import { getU64, type Rows } from '../rows/words.ts'

export const NS_PER_SECOND = 1_000_000_000n

/** The pending transfer at this place that is open and expires at this time, if that is what stands there. */
export function holdAt({ log }: Readonly<{ log: RecordLog }>, place: number, at: bigint): RecordRow | undefined | 'unreadable' {
  if (!mayBeOpen(log, place)) return undefined
  try {
    const row = recordAt(log, place)
    return expiresAt(row.rows, row.at) === at ? row : undefined
  } catch (error) {
    if (error instanceof SegmentUnreadable) return 'unreadable'
    throw error
  }
}

/** True when there may be an open pending transfer at this place: no row is read. */
export function mayBeOpen(log: RecordLog, place: number): boolean {
  return place < log.count && pendingStatusAt(log, place) === PENDING.pending
}

/** When a pending transfer with a timeout expires, in ns. */
export function expiresAt(rows: Rows, at: number): bigint {
  return getU64(rows, at + f.TIMESTAMP) + BigInt(rows.words[at + f.TIMEOUT]!) * NS_PER_SECOND
}
