import { hasAccountAt } from '../rows/accountTable.ts'
import { KIND, TIMESTAMP } from '../rows/layout.ts'
import { wholeSegment } from '../rows/recordLog.ts'
import { SEGMENT_RECORDS } from '../rows/segment.ts'
import type { LedgerState } from '../rows/state.ts'
import { getU64, ROW_WORDS, type Rows } from '../rows/words.ts'

/** True when an account can be imported at the timestamp of this row: newer than all accounts and equal to no transfer's. */
export function importableAccount(state: LedgerState, rows: Rows, at: number): boolean {
  const timestamp = getU64(rows, at + TIMESTAMP)
  return timestamp > state.newestAccount && !hasTransferAt(state, timestamp)
}

/** True when a transfer can be imported at the timestamp of this row: newer than all transfers and equal to no account's. */
export function importableTransfer(state: LedgerState, rows: Rows, at: number): boolean {
  const timestamp = getU64(rows, at + TIMESTAMP)
  return timestamp > state.newestTransfer && !hasAccountAt(state.accounts, timestamp)
}

/** Transfers ascend by timestamp, so the search from the newest one ends at the first that is older. Only imports of accounts pay for it. */
function hasTransferAt({ log, newestTransfer }: LedgerState, timestamp: bigint): boolean {
  if (timestamp > newestTransfer) return false
  for (let n = log.segments.length - 1; n >= 0; n--) {
    const { rows, kinds } = wholeSegment(log, n)
    const last = n === log.segments.length - 1 ? (log.count - 1) & (SEGMENT_RECORDS - 1) : SEGMENT_RECORDS - 1
    for (let local = last; local >= 0; local--) {
      if (kinds[local] !== KIND.transfer) continue
      const other = getU64(rows, local * ROW_WORDS + TIMESTAMP)
      if (other <= timestamp) return other === timestamp
    }
  }
  return false
}
