import type { Account, Transfer, U128 } from '../../gateway/ports/ledger.ts'
import { createExpiryQueue, type ExpiryQueue } from './expiryQueue.ts'
import type { LedgerRecord } from './record.ts'

/** An account with its balances, changed in place. `flags` gains and loses `closed`; everything else but the balances is fixed. */
export type AccountState = { -readonly [K in keyof Account]: Account[K] }

export type PendingStatus = 'pending' | 'posted' | 'voided' | 'expired'

/** A pending transfer and what became of it; it leaves `pending` once. */
export type PendingState = { readonly transfer: Transfer; status: PendingStatus }

/** All the machine knows. `records` are those accepted since they were last taken; `last` is the newest timestamp given out, in ns. */
export type LedgerState = {
  readonly accounts: Map<U128, AccountState>
  readonly transfers: Map<U128, Transfer>
  readonly pendings: Map<U128, PendingState>
  readonly burned: Set<U128>
  /** Timestamps of each kind in creation order, which is ascending: an import must be newer than the last and equal to none of the other kind. */
  readonly accountTimestamps: bigint[]
  readonly transferTimestamps: bigint[]
  readonly expiries: ExpiryQueue
  /** The largest transfer id that was ever accepted or burned: a larger one is new without looking it up, and ids that sort by time are larger. */
  newestId: U128
  records: LedgerRecord[]
  last: bigint
}

/** A ledger without accounts, at time zero. */
export function emptyState(): LedgerState {
  return {
    accounts: new Map(),
    transfers: new Map(),
    pendings: new Map(),
    burned: new Set(),
    accountTimestamps: [],
    transferTimestamps: [],
    expiries: createExpiryQueue(),
    newestId: 0n,
    records: [],
    last: 0n,
  }
}
