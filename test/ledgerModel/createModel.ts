import { invariant } from '../../gateway/errors/invariant.ts'
import {
  type Account,
  AccountFlags,
  type AccountStatus,
  type CreateResult,
  type Transfer,
  TransferFlags,
  type TransferInit,
  type TransferStatus,
  type U128,
} from '../../gateway/ports/ledger.ts'
import { type AccountEvent, createAccount, fullAccount } from './accounts.ts'
import { runBatch, takeTimestamps } from './chain.ts'
import { acceptRecord } from './effects.ts'
import { emptyState, type PendingStatus } from './state.ts'
import { createTransfer, fullTransfer } from './transfers.ts'

/** Most events in one call, as in TigerBeetle. */
export const BATCH_MAX = 8189

/** The model of the ledger machine. */
export type LedgerModel = Readonly<{
  createAccounts(batch: readonly AccountEvent[], nowNs: bigint): CreateResult<AccountStatus>[]
  createTransfers(batch: readonly TransferInit[], nowNs: bigint): CreateResult<TransferStatus>[]
  /** Releases every hold whose time is over, oldest expiry first. */
  expire(nowNs: bigint): void
  account(id: U128): Account | undefined
  transfer(id: U128): Transfer | undefined
  pendingStatus(id: U128): PendingStatus | undefined
}>

/** An empty ledger. */
export function createModel(): LedgerModel {
  const state = emptyState()
  return {
    createAccounts(batch, nowNs) {
      invariant(batch.length <= BATCH_MAX, `a batch has at most ${BATCH_MAX} events`)
      return runBatch(state, batch.map(fullAccount), nowNs, {
        importedFlag: AccountFlags.imported,
        create: (event, timestamp) => createAccount(state, event, timestamp),
      })
    },
    createTransfers(batch, nowNs) {
      invariant(batch.length <= BATCH_MAX, `a batch has at most ${BATCH_MAX} events`)
      return runBatch(state, batch.map(fullTransfer), nowNs, {
        importedFlag: TransferFlags.imported,
        create: (event, timestamp) => createTransfer(state, event, timestamp),
      })
    },
    expire(nowNs) {
      for (let due = state.expiries.takeDue(nowNs); due; due = state.expiries.takeDue(nowNs)) {
        const pending = state.pendings.get(due.id)
        // Resolved meanwhile, or undone with its chain (then another transfer may carry the id).
        if (pending?.transfer !== due || pending.status !== 'pending') continue
        acceptRecord(state, { kind: 'expired', pendingId: due.id, timestamp: takeTimestamps(state, 1, nowNs) })
      }
    },
    account(id) {
      const account = state.accounts.get(id)
      return account && { ...account }
    },
    transfer: (id) => state.transfers.get(id),
    pendingStatus: (id) => state.pendings.get(id)?.status,
  }
}
