import { invariant } from '../../gateway/errors/invariant.ts'
import { AccountFlags, type Transfer, TransferFlags, type U128 } from '../../gateway/ports/ledger.ts'
import type { LedgerRecord } from './record.ts'
import type { AccountState, LedgerState, PendingState } from './state.ts'

const RESOLVES = TransferFlags.post_pending_transfer | TransferFlags.void_pending_transfer

/** The two accounts of a transfer. */
export type Sides = Readonly<{ debit: AccountState; credit: AccountState }>

/** Puts an accepted record into effect. Live events and replay both end here, so a replayed ledger can not differ from a live one. */
export function applyRecord(state: LedgerState, record: LedgerRecord): void {
  switch (record.kind) {
    case 'account': {
      const { account } = record
      state.accounts.set(account.id, { ...account, debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n })
      state.accountTimestamps.push(account.timestamp)
      advance(state, account.timestamp)
      break
    }
    case 'transfer':
      applyTransfer(state, record.transfer, accountsOf(state, record.transfer))
      break
    case 'burned':
      state.burned.add(record.id)
      noteId(state, record.id)
      break
    case 'expired': {
      const pending = pendingOf(state, record.pendingId)
      pending.status = 'expired'
      const sides = accountsOf(state, pending.transfer)
      changeHold(sides, pending.transfer, -1n)
      setClosed(sides, pending.transfer, false)
      advance(state, record.timestamp)
      break
    }
  }
}

/** Takes back the newest records, newest first, down to `mark`. Burned ids stay: a burn survives the rollback of what stood around it. */
export function rollbackTo(state: LedgerState, mark: number): void {
  const kept: LedgerRecord[] = []
  while (state.records.length > mark) {
    const record = state.records.pop()!
    if (record.kind === 'burned') kept.unshift(record)
    else revertRecord(state, record)
  }
  state.records.push(...kept)
}

/** Applies and keeps for the journal. */
export function acceptRecord(state: LedgerState, record: LedgerRecord): void {
  applyRecord(state, record)
  state.records.push(record)
}

/** Applies and keeps a transfer whose accounts are at hand, which spares looking them up again. */
export function acceptTransfer(state: LedgerState, transfer: Transfer, sides: Sides): void {
  applyTransfer(state, transfer, sides)
  state.records.push({ kind: 'transfer', transfer })
}

function revertRecord(state: LedgerState, record: LedgerRecord): void {
  if (record.kind === 'account') {
    state.accounts.delete(record.account.id)
    state.accountTimestamps.pop()
  } else {
    invariant(record.kind === 'transfer', 'only accounts and transfers are ever undone')
    revertTransfer(state, record.transfer)
  }
}

function applyTransfer(state: LedgerState, transfer: Transfer, sides: Sides): void {
  state.transfers.set(transfer.id, transfer)
  noteId(state, transfer.id)
  state.transferTimestamps.push(transfer.timestamp)
  if ((transfer.flags & RESOLVES) !== 0) {
    resolve(state, transfer, sides, 1n)
  } else if ((transfer.flags & TransferFlags.pending) === 0) {
    moveUnits(sides, transfer.amount)
  } else {
    state.pendings.set(transfer.id, { transfer, status: 'pending' })
    if (transfer.timeout > 0) state.expiries.push(transfer)
    changeHold(sides, transfer, 1n)
    setClosed(sides, transfer, true)
  }
  advance(state, transfer.timestamp)
}

function revertTransfer(state: LedgerState, transfer: Transfer): void {
  const sides = accountsOf(state, transfer)
  state.transfers.delete(transfer.id)
  state.transferTimestamps.pop()
  if ((transfer.flags & RESOLVES) !== 0) {
    resolve(state, transfer, sides, -1n)
  } else if ((transfer.flags & TransferFlags.pending) === 0) {
    moveUnits(sides, -transfer.amount)
  } else {
    state.pendings.delete(transfer.id)
    changeHold(sides, transfer, -1n)
    setClosed(sides, transfer, false)
  }
}

/** Posts or voids the pending transfer (sign 1), or takes that back (sign -1). Both have the same accounts. */
function resolve(state: LedgerState, transfer: Transfer, sides: Sides, sign: 1n | -1n): void {
  const pending = pendingOf(state, transfer.pendingId)
  const voids = (transfer.flags & TransferFlags.void_pending_transfer) !== 0
  pending.status = sign === -1n ? 'pending' : voids ? 'voided' : 'posted'
  changeHold(sides, pending.transfer, sign === 1n ? -1n : 1n)
  if (voids) setClosed(sides, pending.transfer, sign === -1n)
  else moveUnits(sides, sign * transfer.amount)
}

function moveUnits({ debit, credit }: Sides, units: bigint): void {
  debit.debitsPosted += units
  credit.creditsPosted += units
}

/** Adds (sign 1) or removes (sign -1) what a pending transfer reserves on both accounts. */
function changeHold({ debit, credit }: Sides, pending: Transfer, sign: 1n | -1n): void {
  debit.debitsPending += sign * pending.amount
  credit.creditsPending += sign * pending.amount
}

function setClosed({ debit, credit }: Sides, pending: Transfer, closed: boolean): void {
  if ((pending.flags & TransferFlags.closing_debit) !== 0) closeAccount(debit, closed)
  if ((pending.flags & TransferFlags.closing_credit) !== 0) closeAccount(credit, closed)
}

function closeAccount(account: AccountState, closed: boolean): void {
  account.flags = closed ? account.flags | AccountFlags.closed : account.flags & ~AccountFlags.closed
}

/** The accounts of a transfer that was accepted, so they exist. */
export function accountsOf(state: LedgerState, transfer: Transfer): Sides {
  const debit = state.accounts.get(transfer.debitAccountId)
  const credit = state.accounts.get(transfer.creditAccountId)
  invariant(debit && credit, `the accounts of accepted transfer ${transfer.id} exist`)
  return { debit, credit }
}

function pendingOf(state: LedgerState, id: U128): PendingState {
  const pending = state.pendings.get(id)
  invariant(pending, `pending transfer ${id} exists`)
  return pending
}

function noteId(state: LedgerState, id: U128): void {
  if (id > state.newestId) state.newestId = id
}

function advance(state: LedgerState, timestamp: bigint): void {
  if (timestamp > state.last) state.last = timestamp
}
