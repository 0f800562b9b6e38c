import { invariant } from '../../errors/invariant.ts'
import {
  type Account,
  AccountFlags,
  type AccountStatus,
  type CreateResult,
  LEDGER_BATCH_MAX,
  type Transfer,
  TransferFlags,
  type TransferInit,
  type TransferStatus,
  type U128,
} from '../../ports/ledger.ts'
import { accountOfId, readAccount } from '../rows/accountTable.ts'
import { type AccountEvent, writeAccountEvent, writeTransferEvent } from '../rows/eventRows.ts'
import { hasDue } from '../rows/expiryQueue.ts'
import { KIND } from '../rows/layout.ts'
import type { LedgerRecord } from '../rows/record.ts'
import { bytesOfRecords, copyRecords, openRecords, readRecord, readTransfer, writeRecord } from '../rows/recordBytes.ts'
import { findRecord, PENDING, pendingStatusAt, type RecordRow, recordAt } from '../rows/recordLog.ts'
import { emptyState, type LedgerState, type Mark, markOf } from '../rows/state.ts'
import { copyWords, newRows, ROW_WORDS, type Rows, setU128 } from '../rows/words.ts'
import { createAccount } from './accounts.ts'
import { answeredAt, eventAt, newBatch, roomFor } from './batch.ts'
import { runBatch, takeTimestamps } from './chain.ts'
import { allAccounts, checkLedger, type LedgerSum, sumLedgers } from './checkLedger.ts'
import { applyRow, expireDue, rollbackTo } from './effects.ts'
import { createTransfer } from './transfers.ts'

/** Most events in one call. */
export const BATCH_MAX = LEDGER_BATCH_MAX

type PendingStatus = 'pending' | 'posted' | 'voided' | 'expired'

const ACCOUNT_RULES = { importedFlag: AccountFlags.imported, create: createAccount }
const TRANSFER_RULES = { importedFlag: TransferFlags.imported, create: createTransfer }

/** The ledger machine. It keeps state in memory, knows no clock and does no I/O; who calls it makes its records durable before answering. */
export type Machine = Readonly<{
  createAccounts(batch: readonly AccountEvent[], nowNs: bigint): CreateResult<AccountStatus>[]
  createTransfers(batch: readonly TransferInit[], nowNs: bigint): CreateResult<TransferStatus>[]
  /** Creates what these rows of `writeAccountEvent` or `writeTransferEvent` say; they are not changed. */
  createRows(kind: 'account' | 'transfer', events: Rows, count: number, nowNs: bigint): CreateResult<AccountStatus | TransferStatus>[]
  /** Room for `count` transfers in the form of `layout.ts`, to be filled whole and then run: the way without objects. */
  transferRows(count: number): Rows
  /** Runs the rows that were filled. The statuses stand until the next call. */
  runTransfers(count: number, nowNs: bigint): readonly TransferStatus[]
  /** Releases holds whose time is over, oldest expiry first, as many as one call may; `hasDue` says whether there are more. */
  expire(nowNs: bigint): void
  hasDue(nowNs: bigint): boolean
  /** Puts a record of the journal into effect. */
  apply(record: LedgerRecord): void
  /** Puts records in the journal's form into effect. `onAccount` is told of each account. */
  applyBytes(bytes: Uint8Array, onAccount?: (id: U128) => void): void
  /** How many records were accepted since they were last taken. */
  waitingRecords(): number
  /** The records accepted since they were last taken, in order, as objects. */
  takeRecords(): LedgerRecord[]
  /** Copies the waiting records in the journal's form into `target` at `offset`, and takes them. */
  takeBytes(target: Uint8Array, offset: number): void
  /** A point to go back to with `rollback`, until records are taken. Burned ids survive going back. */
  savepoint(): Mark
  rollback(savepoint: Mark): void
  account(id: U128): Account | undefined
  transfer(id: U128): Transfer | undefined
  pendingStatus(id: U128): PendingStatus | undefined
  accounts(): IterableIterator<Account>
  /** The newest timestamp given out, in ns. */
  timestamp(): bigint
  sums(): LedgerSum[]
  /** What is wrong with the ledger as a whole; empty when sound. */
  check(): string[]
  /** What it knows, for those who archive it, write it down or query it. */
  state: LedgerState
}>

/** An empty machine. */
export function createMachine(): Machine {
  const state = emptyState()
  return { ...writing(state), ...replaying(state), ...reading(state), state }
}

function writing(state: LedgerState) {
  const batch = newBatch()

  // The statuses of a batch are those that its rules gave: `createAccount` and `createTransfer` say which.
  function answers<S extends string>(count: number): CreateResult<S>[] {
    return Array.from({ length: count }, (_, i) => ({ status: batch.statuses[i] as S, timestamp: answeredAt(batch, i) }))
  }

  function checkSize(count: number): void {
    invariant(count <= BATCH_MAX, `a batch has at most ${BATCH_MAX} events`)
  }

  return {
    createAccounts(events: readonly AccountEvent[], nowNs: bigint): CreateResult<AccountStatus>[] {
      checkSize(events.length)
      const rows = roomFor(batch, events.length)
      for (const [i, event] of events.entries()) writeAccountEvent(rows, eventAt(i), event)
      runBatch(state, batch, events.length, nowNs, ACCOUNT_RULES)
      return answers<AccountStatus>(events.length)
    },
    createTransfers(events: readonly TransferInit[], nowNs: bigint): CreateResult<TransferStatus>[] {
      checkSize(events.length)
      const rows = roomFor(batch, events.length)
      for (const [i, event] of events.entries()) writeTransferEvent(rows, eventAt(i), event)
      runBatch(state, batch, events.length, nowNs, TRANSFER_RULES)
      return answers<TransferStatus>(events.length)
    },
    createRows(kind: 'account' | 'transfer', events: Rows, count: number, nowNs: bigint): CreateResult<AccountStatus | TransferStatus>[] {
      checkSize(count)
      copyWords(roomFor(batch, count).words, 0, events.words, 0, count * ROW_WORDS)
      runBatch(state, batch, count, nowNs, kind === 'account' ? ACCOUNT_RULES : TRANSFER_RULES)
      return answers<AccountStatus | TransferStatus>(count)
    },
    transferRows(count: number): Rows {
      checkSize(count)
      return roomFor(batch, count)
    },
    runTransfers(count: number, nowNs: bigint): readonly TransferStatus[] {
      runBatch(state, batch, count, nowNs, TRANSFER_RULES)
      return batch.statuses as TransferStatus[]
    },
    expire(nowNs: bigint): void {
      expireDue(state, nowNs, () => takeTimestamps(state, 1, nowNs))
    },
    hasDue: (nowNs: bigint) => hasDue(state.expiries, nowNs),
    savepoint: () => markOf(state),
    rollback: (savepoint: Mark) => rollbackTo(state, savepoint),
  }
}

function replaying(state: LedgerState) {
  function taken(): void {
    state.taken = state.log.count
  }
  return {
    apply(record: LedgerRecord): void {
      const row = newRows(1)
      applyRow(state, writeRecord(row, record), row, 0)
      taken()
    },
    applyBytes(bytes: Uint8Array, onAccount?: (place: U128) => void): void {
      const { kinds, rows } = openRecords(bytes)
      // Each record that was applied waits: after one whose segment could not be read, the same bytes go on there.
      for (let i = state.log.count - state.taken; i < kinds.length; i++) {
        applyRow(state, kinds[i]!, rows, i * ROW_WORDS)
        if (kinds[i] === KIND.account) onAccount?.(rows.longs[i * 16]! | (rows.longs[i * 16 + 1]! << 64n))
      }
      taken()
    },
    waitingRecords: () => state.log.count - state.taken,
    takeRecords(): LedgerRecord[] {
      const records: LedgerRecord[] = []
      for (let place = state.taken; place < state.log.count; place++) {
        const row = recordAt(state.log, place)
        records.push(readRecord(row.kind, row.rows, row.at))
      }
      taken()
      return records
    },
    takeBytes(target: Uint8Array, offset: number): void {
      invariant(target.byteLength - offset >= bytesOfRecords(state.log.count - state.taken), 'the records fit')
      copyRecords(state.log, state.taken, state.log.count, target, offset)
      taken()
    },
  }
}

const PENDING_NAMES: readonly (PendingStatus | undefined)[] = [undefined, 'pending', 'posted', 'voided', 'expired']

function reading(state: LedgerState) {
  const wanted = newRows(1)

  function find(id: U128): RecordRow | undefined {
    setU128(wanted, 0, id)
    const row = findRecord(state.log, wanted.words, 0)
    return row?.kind === KIND.transfer ? row : undefined
  }

  return {
    account(id: U128): Account | undefined {
      const row = accountOfId(state.accounts, id)
      return row && readAccount(row)
    },
    transfer(id: U128): Transfer | undefined {
      const row = find(id)
      return row && readTransfer(row.rows, row.at)
    },
    pendingStatus(id: U128): PendingStatus | undefined {
      const row = find(id)
      return row && PENDING_NAMES[pendingStatusAt(state.log, row.place) ?? PENDING.none]
    },
    accounts: () => allAccounts(state),
    timestamp: () => state.last,
    sums: () => sumLedgers(state),
    check: () => checkLedger(state),
  }
}
