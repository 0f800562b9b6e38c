import { type AccountTable, newAccountTable } from './accountTable.ts'
import { type ExpiryQueue, newExpiryQueue } from './expiryQueue.ts'
import { type HistoryTable, newHistoryTable } from './historyTable.ts'
import { newRecordLog, type RecordLog } from './recordLog.ts'

/** All the machine knows. */
export type LedgerState = {
  readonly accounts: AccountTable
  readonly log: RecordLog
  readonly history: HistoryTable
  readonly expiries: ExpiryQueue
  /** Open pending transfers with a timeout; the queue may hold more. */
  timed: number
  /** Four words: the largest transfer id that was ever accepted or burned. A larger one is new without looking it up, and ids that sort by time are larger. */
  readonly newestId: Uint32Array
  /** Timestamps of the newest account and transfer: an import must be newer than those of its kind. */
  newestAccount: bigint
  newestTransfer: bigint
  /** The newest timestamp given out, in ns. */
  last: bigint
  /** Records before this place were taken for the journal. */
  taken: number
}

/** A ledger without accounts, at time zero. */
export function emptyState(): LedgerState {
  return {
    accounts: newAccountTable(),
    log: newRecordLog(),
    history: newHistoryTable(),
    expiries: newExpiryQueue(),
    timed: 0,
    newestId: new Uint32Array(4),
    newestAccount: 0n,
    newestTransfer: 0n,
    last: 0n,
    taken: 0,
  }
}

/** A point to go back to. */
export type Mark = Readonly<{ records: number; newestAccount: bigint; newestTransfer: bigint }>

export function markOf(state: LedgerState): Mark {
  return { records: state.log.count, newestAccount: state.newestAccount, newestTransfer: state.newestTransfer }
}
