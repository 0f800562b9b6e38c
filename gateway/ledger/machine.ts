import { invariant } from '../errors/invariant.ts'
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
} from '../ports/ledger.ts'
import { type AccountEvent, createAccount, fullAccount } from './accounts.ts'
import { runBatch, takeTimestamps } from './chain.ts'
import { checkLedger, type LedgerSum, sumLedgers } from './checkLedger.ts'
import { acceptRecord, applyRecord, rollbackTo } from './effects.ts'
import type { LedgerRecord } from './record.ts'
import { emptyState, type PendingStatus } from './state.ts'
import { createTransfer, fullTransfer } from './transfers.ts'

/** Most events in one call, as in TigerBeetle. */
export const BATCH_MAX = 8189

/** The ledger machine. It keeps state in memory, knows no clock and does no I/O; who calls it makes its records durable before answering. */
export type Machine = Readonly<{
  createAccounts(batch: readonly AccountEvent[], nowNs: bigint): CreateResult<AccountStatus>[]
  createTransfers(batch: readonly TransferInit[], nowNs: bigint): CreateResult<TransferStatus>[]
  /** Releases every hold whose time is over, oldest expiry first. */
  expire(nowNs: bigint): void
  hasDue(nowNs: bigint): boolean
  /** Puts a record of the journal into effect. */
  apply(record: LedgerRecord): void
  /** The records accepted since they were last taken, in order. */
  takeRecords(): LedgerRecord[]
  /** A point to go back to with `rollback`, until `takeRecords` is called. Burned ids survive going back. */
  savepoint(): number
  rollback(savepoint: number): void
  account(id: U128): Account | undefined
  transfer(id: U128): Transfer | undefined
  pendingStatus(id: U128): PendingStatus | undefined
  accounts(): IterableIterator<Account>
  /** The newest timestamp given out, in ns. */
  timestamp(): bigint
  sums(): LedgerSum[]
  /** What is wrong with the ledger as a whole; empty when sound. */
  check(): string[]
}>

/** An empty machine. */
export function createMachine(): Machine {
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
    hasDue: (nowNs) => state.expiries.hasDue(nowNs),
    apply: (record) => applyRecord(state, record),
    takeRecords() {
      const records = state.records
      state.records = []
      return records
    },
    savepoint: () => state.records.length,
    rollback: (savepoint) => rollbackTo(state, savepoint),
    account(id) {
      const account = state.accounts.get(id)
      return account && { ...account }
    },
    transfer: (id) => state.transfers.get(id),
    pendingStatus: (id) => state.pendings.get(id)?.status,
    accounts: () => state.accounts.values(),
    timestamp: () => state.last,
    sums: () => sumLedgers(state),
    check: () => checkLedger(state),
  }
}
