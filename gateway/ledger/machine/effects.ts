import { invariant } from '../../errors/invariant.ts'
import { AccountFlags, TransferFlags } from '../../ports/ledger.ts'
import { type AccountRow, addAccountRow, findAccount, keepForSnapshot, removeNewestAccount } from '../rows/accountTable.ts'
import { hasDue, postpone, pruneExpiries, pushExpiry, takeFirst } from '../rows/expiryQueue.ts'
import { addHistoryRow, HISTORY, historyRow, setTransfer, transferOf } from '../rows/historyTable.ts'
import * as f from '../rows/layout.ts'
import { findRecord, PENDING, popRecord, pushRecord, type RecordRow, recordAt, setPendingStatus } from '../rows/recordLog.ts'
import type { LedgerState, Mark } from '../rows/state.ts'
import { add128, compareWords, copyWords, getU64, newRows, ROW_WORDS, type Rows, setU64, subtract128 } from '../rows/words.ts'
import { expiresAt, holdAt, mayBeOpen, NS_PER_SECOND } from './holds.ts'

export const RESOLVES = TransferFlags.post_pending_transfer | TransferFlags.void_pending_transfer
/** Queued expiries that are no longer open may be as many as the open ones and these. */
const STALE_EXPIRIES_MAX = 1024

/** Most holds that are released at once; the rest stay due. */
const EXPIRIES_MAX = 8189

/** The two accounts of a transfer. */
type Sides = Readonly<{ debit: AccountRow; credit: AccountRow }>

/** Puts a record of the journal into effect. Live events and replay both end here, so a replayed ledger can not differ from a live one. */
export function applyRow(state: LedgerState, kind: number, rows: Rows, at: number): void {
  switch (kind) {
    case f.KIND.account:
      acceptAccount(state, rows, at)
      break
    case f.KIND.transfer: {
      const sides = accountsOf(state, rows.words, at)
      const resolves = (f.flagsAt(rows.words, at) & RESOLVES) !== 0
      acceptTransfer(state, rows, at, sides, resolves ? pendingOf(state, rows.words, at + f.PENDING_ID) : undefined)
      break
    }
    case f.KIND.burned:
      burn(state, rows.words, at)
      break
    case f.KIND.expired:
      acceptExpiry(state, rows, at, pendingOf(state, rows.words, at))
      break
    default:
      throw new Error(`invariant broken: record kind ${kind} is known`)
  }
}

/** Creates the account of this row, whose balances are zero. */
export function acceptAccount(state: LedgerState, rows: Rows, at: number): void {
  addAccountRow(state.accounts, rows.words, at)
  pushRecord(state.log, f.KIND.account, rows.words, at)
  state.newestAccount = getU64(rows, at + f.TIMESTAMP)
  advance(state, state.newestAccount)
}

/** Books the transfer of this row. A post or void comes with its pending transfer. */
export function acceptTransfer(state: LedgerState, rows: Rows, at: number, sides: Sides, pending?: RecordRow): void {
  const { words } = rows
  const place = pushRecord(state.log, f.KIND.transfer, words, at)
  noteId(state, words, at)
  state.newestTransfer = getU64(rows, at + f.TIMESTAMP)
  keepForSnapshot(state.accounts, sides.debit)
  keepForSnapshot(state.accounts, sides.credit)
  if (pending) {
    const voids = (f.flagsAt(words, at) & TransferFlags.void_pending_transfer) !== 0
    closePending(state, pending, voids ? PENDING.voided : PENDING.posted)
    release(sides, pending, { reopen: voids })
    if (!voids) move(sides, words, at)
  } else if ((f.flagsAt(words, at) & TransferFlags.pending) === 0) {
    move(sides, words, at)
  } else {
    openPending(state, place, rows, at)
    reserve(sides, words, at)
  }
  noteHistory(state, place, sides.debit)
  noteHistory(state, place, sides.credit)
  advance(state, state.newestTransfer)
}

/** Makes an id unusable for ever. */
export function burn(state: LedgerState, words: Uint32Array, at: number): void {
  burnedRow.words.fill(0)
  copyWords(burnedRow.words, f.ID, words, at, 4)
  pushRecord(state.log, f.KIND.burned, burnedRow.words, 0)
  noteId(state, words, at)
}

const burnedRow = newRows(1)
const expiredRow = newRows(1)

/** Releases holds that expire at or before `nowNs`, the oldest expiry first, at most `EXPIRIES_MAX`. `timestamp` gives each its own time. */
export function expireDue(state: LedgerState, nowNs: bigint, timestamp: () => bigint): void {
  for (let n = 0; n < EXPIRIES_MAX && hasDue(state.expiries, nowNs); n++) {
    const { at, place } = takeFirst(state.expiries)
    const pending = holdAt(state, place, at)
    if (pending === 'unreadable') {
      postpone(state.expiries, { at, place, until: nowNs + NS_PER_SECOND })
      return
    }
    // Resolved meanwhile, or undone with its chain (then another record may have its place).
    if (!pending) continue
    copyWords(expiredRow.words, f.ID, pending.words, pending.at, 4)
    setU64(expiredRow, f.TIMESTAMP, timestamp())
    acceptExpiry(state, expiredRow, 0, pending)
  }
}

function acceptExpiry(state: LedgerState, rows: Rows, at: number, pending: RecordRow): void {
  const sides = accountsOf(state, pending.words, pending.at)
  keepForSnapshot(state.accounts, sides.debit)
  keepForSnapshot(state.accounts, sides.credit)
  closePending(state, pending, PENDING.expired)
  release(sides, pending, { reopen: true })
  pushRecord(state.log, f.KIND.expired, rows.words, at)
  advance(state, getU64(rows, at + f.TIMESTAMP))
}

/** Takes back the newest records, newest first, down to `mark`. Burned ids stay: a burn survives the rollback of what stood around it. */
export function rollbackTo(state: LedgerState, mark: Mark): void {
  const burned: Uint32Array[] = []
  while (state.log.count > mark.records) {
    const row = recordAt(state.log, state.log.count - 1)
    if (row.kind === f.KIND.burned) burned.push(row.words.slice(row.at, row.at + ROW_WORDS))
    else if (row.kind === f.KIND.account) removeNewestAccount(state.accounts)
    else revertTransfer(state, row)
    popRecord(state.log)
  }
  dropHistory(state)
  state.newestAccount = mark.newestAccount
  state.newestTransfer = mark.newestTransfer
  for (const words of burned.reverse()) pushRecord(state.log, f.KIND.burned, words, 0)
}

function revertTransfer(state: LedgerState, row: RecordRow): void {
  invariant(row.kind === f.KIND.transfer, 'only accounts and transfers are ever undone')
  const sides = accountsOf(state, row.words, row.at)
  const flags = f.flagsAt(row.words, row.at)
  if ((flags & RESOLVES) !== 0) {
    const pending = pendingOf(state, row.words, row.at + f.PENDING_ID)
    setPendingStatus(state.log, pending.place, PENDING.pending)
    if (pending.words[pending.at + f.TIMEOUT] !== 0) state.timed += 1
    if ((flags & TransferFlags.void_pending_transfer) === 0) unmove(sides, row.words, row.at)
    reserve(sides, pending.words, pending.at)
  } else if ((flags & TransferFlags.pending) === 0) {
    unmove(sides, row.words, row.at)
  } else {
    if (row.words[row.at + f.TIMEOUT] !== 0) state.timed -= 1
    release(sides, row, { reopen: true })
  }
}

function openPending(state: LedgerState, place: number, rows: Rows, at: number): void {
  setPendingStatus(state.log, place, PENDING.pending)
  if (rows.words[at + f.TIMEOUT] === 0) return
  state.timed += 1
  pushExpiry(state.expiries, expiresAt(rows, at), place)
  if (state.expiries.size > 2 * state.timed + STALE_EXPIRIES_MAX) {
    // Reads no row: what is undone and has an open one in its place is found when it is due.
    pruneExpiries(state.expiries, (queued) => mayBeOpen(state.log, queued))
  }
}

function closePending(state: LedgerState, pending: RecordRow, status: number): void {
  setPendingStatus(state.log, pending.place, status)
  if (pending.words[pending.at + f.TIMEOUT] !== 0) state.timed -= 1
}

function move({ debit, credit }: Sides, words: Uint32Array, at: number): void {
  add128(debit.words, debit.at + f.DEBITS_POSTED, words, at + f.AMOUNT)
  add128(credit.words, credit.at + f.CREDITS_POSTED, words, at + f.AMOUNT)
}

function unmove({ debit, credit }: Sides, words: Uint32Array, at: number): void {
  subtract128(debit.words, debit.at + f.DEBITS_POSTED, words, at + f.AMOUNT)
  subtract128(credit.words, credit.at + f.CREDITS_POSTED, words, at + f.AMOUNT)
}

/** Reserves what a pending transfer holds on both accounts, and closes those that it closes. */
function reserve({ debit, credit }: Sides, words: Uint32Array, at: number): void {
  add128(debit.words, debit.at + f.DEBITS_PENDING, words, at + f.AMOUNT)
  add128(credit.words, credit.at + f.CREDITS_PENDING, words, at + f.AMOUNT)
  setClosed({ debit, credit }, f.flagsAt(words, at), true)
}

/** The opposite of `reserve`; a post does not reopen what was closed. */
function release({ debit, credit }: Sides, pending: RecordRow, options: { reopen: boolean }): void {
  const { words, at } = pending
  subtract128(debit.words, debit.at + f.DEBITS_PENDING, words, at + f.AMOUNT)
  subtract128(credit.words, credit.at + f.CREDITS_PENDING, words, at + f.AMOUNT)
  if (options.reopen) setClosed({ debit, credit }, f.flagsAt(words, at), false)
}

function setClosed({ debit, credit }: Sides, pendingFlags: number, closed: boolean): void {
  if ((pendingFlags & TransferFlags.closing_debit) !== 0) setAccountClosed(debit, closed)
  if ((pendingFlags & TransferFlags.closing_credit) !== 0) setAccountClosed(credit, closed)
}

function setAccountClosed({ words, at }: AccountRow, closed: boolean): void {
  const flags = f.flagsAt(words, at)
  f.setCodeAndFlags(words, at, f.codeAt(words, at), closed ? flags | AccountFlags.closed : flags & ~AccountFlags.closed)
}

function noteHistory(state: LedgerState, transfer: number, account: AccountRow): void {
  if ((f.flagsAt(account.words, account.at) & AccountFlags.history) === 0) return
  const row = addHistoryRow(state.history)
  row.words[row.at + HISTORY.account] = account.place
  setTransfer(row.words, row.at, transfer)
  copyWords(row.words, row.at + HISTORY.balances, account.words, account.at + f.DEBITS_PENDING, HISTORY.balanceWords)
}

/** Forgets the balances after transfers that were undone. */
function dropHistory({ history, log }: LedgerState): void {
  for (; history.count > 0; history.count -= 1) {
    const { words, at } = historyRow(history, history.count - 1)
    if (transferOf(words, at) < log.count) return
  }
}

/** The accounts of a transfer that was accepted, so they exist. */
export function accountsOf(state: LedgerState, words: Uint32Array, at: number): Sides {
  const debit = findAccount(state.accounts, words, at + f.DEBIT_ACCOUNT_ID)
  const credit = findAccount(state.accounts, words, at + f.CREDIT_ACCOUNT_ID)
  invariant(debit && credit, 'the accounts of an accepted transfer exist')
  return { debit, credit }
}

function pendingOf(state: LedgerState, id: Uint32Array, at: number): RecordRow {
  const pending = findRecord(state.log, id, at)
  invariant(pending && pending.kind === f.KIND.transfer, 'the pending transfer of an accepted one exists')
  return pending
}

function noteId(state: LedgerState, id: Uint32Array, at: number): void {
  if (compareWords(id, at, state.newestId, 0, 4) > 0) copyWords(state.newestId, 0, id, at, 4)
}

function advance(state: LedgerState, timestamp: bigint): void {
  if (timestamp > state.last) state.last = timestamp
}
