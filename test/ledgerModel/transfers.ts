import { invariant } from '../../gateway/errors/invariant.ts'
import {
  AccountFlags,
  AMOUNT_MAX,
  type CreateResult,
  type Transfer,
  TransferFlags,
  type TransferInit,
  type TransferStatus,
} from '../../gateway/ports/ledger.ts'
import { fits, isUint } from './accounts.ts'
import { TIMESTAMP_MAX } from './chain.ts'
import { acceptTransfer } from './effects.ts'
import { expiresAt } from './expiryQueue.ts'
import { availableToCredit, availableToDebit, exceedsCredits, exceedsDebits, overflowStatus } from './limits.ts'
import type { AccountState, LedgerState } from './state.ts'
import { importable } from './timestamps.ts'
import { transferExists } from './transferExists.ts'
import { resolvePending } from './twoPhase.ts'

const ID_MAX = 2n ** 128n - 1n
const KNOWN_FLAGS = 511
const RESOLVES = TransferFlags.post_pending_transfer | TransferFlags.void_pending_transfer
const CLOSING = TransferFlags.closing_debit | TransferFlags.closing_credit

/** Fills omitted fields with zero. Stops on a value that its field can not hold. */
export function fullTransfer(event: TransferInit): Transfer {
  const full = {
    id: event.id,
    debitAccountId: event.debitAccountId ?? 0n,
    creditAccountId: event.creditAccountId ?? 0n,
    amount: event.amount ?? 0n,
    pendingId: event.pendingId ?? 0n,
    userData128: event.userData128 ?? 0n,
    userData64: event.userData64 ?? 0n,
    userData32: event.userData32 ?? 0,
    timeout: event.timeout ?? 0,
    ledger: event.ledger ?? 0,
    code: event.code ?? 0,
    flags: event.flags ?? 0,
    timestamp: event.timestamp ?? 0n,
  }
  invariant(
    fits(full.id, 128) && fits(full.amount, 128) && fits(full.pendingId, 128) && fits(full.userData128, 128),
    'transfer field range',
  )
  invariant(fits(full.debitAccountId, 128) && fits(full.creditAccountId, 128), 'transfer field range')
  invariant(fits(full.userData64, 64) && fits(full.timestamp, 64) && isUint(full.userData32, 32), 'transfer field range')
  invariant(isUint(full.timeout, 32) && isUint(full.ledger, 32) && isUint(full.code, 16) && isUint(full.flags, 16), 'transfer field range')
  return full
}

/** Creates one transfer, or says why not, in TigerBeetle's order of checks. */
export function createTransfer(state: LedgerState, event: Transfer, timestamp: bigint): CreateResult<TransferStatus> {
  const refuse = (status: TransferStatus) => ({ status, timestamp })
  if ((event.flags & ~KNOWN_FLAGS) !== 0) return refuse('reserved_flag')
  if (event.id === 0n) return refuse('id_must_not_be_zero')
  if (event.id === ID_MAX) return refuse('id_must_not_be_int_max')
  const used = event.id <= state.newestId ? usedId(state, event, timestamp) : undefined
  if (used) return used
  if ((event.flags & RESOLVES) !== 0) return resolvePending(state, event, timestamp)
  const malformed = fieldStatus(event)
  if (malformed) return refuse(malformed)
  const debit = state.accounts.get(event.debitAccountId)
  if (!debit) return refuse('debit_account_not_found')
  const credit = state.accounts.get(event.creditAccountId)
  if (!credit) return refuse('credit_account_not_found')
  const mismatch = accountStatus(state, event, debit, credit)
  if (mismatch) return refuse(mismatch)
  const imported = (event.flags & TransferFlags.imported) !== 0
  const transfer: Transfer = { ...event, amount: balancedAmount(event, debit, credit), timestamp: imported ? event.timestamp : timestamp }
  const tooMuch = amountStatus(transfer, debit, credit)
  if (tooMuch) return refuse(tooMuch)
  acceptTransfer(state, transfer, { debit, credit })
  return { status: 'created', timestamp: transfer.timestamp }
}

/** The answer to an id that was used before: by an accepted transfer, or by one whose failure burned it. */
function usedId(state: LedgerState, event: Transfer, timestamp: bigint): CreateResult<TransferStatus> | undefined {
  const stored = state.transfers.get(event.id)
  if (!stored) return state.burned.has(event.id) ? { status: 'id_already_failed', timestamp } : undefined
  const status = transferExists(state, event, stored)
  return { status, timestamp: status === 'exists' ? stored.timestamp : timestamp }
}

function fieldStatus(event: Transfer): TransferStatus | undefined {
  if (event.debitAccountId === 0n) return 'debit_account_id_must_not_be_zero'
  if (event.debitAccountId === ID_MAX) return 'debit_account_id_must_not_be_int_max'
  if (event.creditAccountId === 0n) return 'credit_account_id_must_not_be_zero'
  if (event.creditAccountId === ID_MAX) return 'credit_account_id_must_not_be_int_max'
  if (event.debitAccountId === event.creditAccountId) return 'accounts_must_be_different'
  if (event.pendingId !== 0n) return 'pending_id_must_be_zero'
  if ((event.flags & TransferFlags.pending) === 0) {
    if (event.timeout !== 0) return 'timeout_reserved_for_pending_transfer'
    if ((event.flags & CLOSING) !== 0) return 'closing_transfer_must_be_pending'
  }
  if (event.ledger === 0) return 'ledger_must_not_be_zero'
  if (event.code === 0) return 'code_must_not_be_zero'
  return undefined
}

function accountStatus(state: LedgerState, event: Transfer, debit: AccountState, credit: AccountState): TransferStatus | undefined {
  if (debit.ledger !== credit.ledger) return 'accounts_must_have_the_same_ledger'
  if (event.ledger !== debit.ledger) return 'transfer_must_have_the_same_ledger_as_accounts'
  if ((event.flags & TransferFlags.imported) !== 0) {
    if (!importable(event.timestamp, state.transferTimestamps, state.accountTimestamps)) return 'imported_event_timestamp_must_not_regress'
    if (event.timestamp <= debit.timestamp) return 'imported_event_timestamp_must_postdate_debit_account'
    if (event.timestamp <= credit.timestamp) return 'imported_event_timestamp_must_postdate_credit_account'
    if (event.timeout !== 0) return 'imported_event_timeout_must_be_zero'
  }
  if ((debit.flags & AccountFlags.closed) !== 0) return 'debit_account_already_closed'
  if ((credit.flags & AccountFlags.closed) !== 0) return 'credit_account_already_closed'
  return undefined
}

function balancedAmount(event: Transfer, debit: AccountState, credit: AccountState): bigint {
  let amount = event.amount
  if ((event.flags & TransferFlags.balancing_debit) !== 0) {
    const available = availableToDebit(debit)
    if (available < amount) amount = available
  }
  if ((event.flags & TransferFlags.balancing_credit) !== 0) {
    const available = availableToCredit(credit)
    if (available < amount) amount = available
  }
  invariant(amount >= 0n && amount <= AMOUNT_MAX, 'a balanced amount fits')
  return amount
}

function amountStatus(transfer: Transfer, debit: AccountState, credit: AccountState): TransferStatus | undefined {
  const overflow = overflowStatus(debit, credit, transfer.amount, (transfer.flags & TransferFlags.pending) !== 0)
  if (overflow) return overflow
  if (transfer.timeout > 0 && expiresAt(transfer) > TIMESTAMP_MAX) return 'overflows_timeout'
  if (exceedsCredits(debit, transfer.amount)) return 'exceeds_credits'
  if (exceedsDebits(credit, transfer.amount)) return 'exceeds_debits'
  return undefined
}
