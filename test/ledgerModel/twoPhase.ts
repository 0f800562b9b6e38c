import {
  AccountFlags,
  AMOUNT_MAX,
  type CreateResult,
  type Transfer,
  TransferFlags,
  type TransferStatus,
} from '../../gateway/ports/ledger.ts'
import { acceptTransfer, accountsOf, type Sides } from './effects.ts'
import { expiresAt } from './expiryQueue.ts'
import type { LedgerState, PendingState } from './state.ts'
import { importable } from './timestamps.ts'

const ID_MAX = 2n ** 128n - 1n
const RESOLVES = TransferFlags.post_pending_transfer | TransferFlags.void_pending_transfer
const NOT_WITH_RESOLVE =
  TransferFlags.pending |
  TransferFlags.balancing_debit |
  TransferFlags.balancing_credit |
  TransferFlags.closing_debit |
  TransferFlags.closing_credit

/**
 * Posts or voids a pending transfer. A post takes at most what is pending and releases the rest, AMOUNT_MAX takes all; a void names 0 or the exact
 * amount. Accounts, ledger, code and each user data that is zero are inherited.
 */
export function resolvePending(state: LedgerState, event: Transfer, timestamp: bigint): CreateResult<TransferStatus> {
  const refuse = (status: TransferStatus) => ({ status, timestamp })
  const malformed = fieldStatus(event)
  if (malformed) return refuse(malformed)
  const stored = state.transfers.get(event.pendingId)
  if (!stored) return refuse('pending_transfer_not_found')
  const pending = state.pendings.get(event.pendingId)
  if (!pending) return refuse('pending_transfer_not_pending')
  const mismatch = inheritedStatus(event, stored)
  if (mismatch) return refuse(mismatch)
  const voids = (event.flags & TransferFlags.void_pending_transfer) !== 0
  const amount = event.amount === (voids ? 0n : AMOUNT_MAX) ? stored.amount : event.amount
  if (amount > stored.amount) return refuse('exceeds_pending_transfer_amount')
  if (voids && amount < stored.amount) return refuse('pending_transfer_has_different_amount')
  const resolved = resolvedStatus(pending, timestamp)
  if (resolved) return refuse(resolved)
  const imported = (event.flags & TransferFlags.imported) !== 0
  if (imported && !importable(event.timestamp, state.transferTimestamps, state.accountTimestamps)) {
    return refuse('imported_event_timestamp_must_not_regress')
  }
  const sides = accountsOf(state, stored)
  const closed = voids ? undefined : closedStatus(sides)
  if (closed) return refuse(closed)
  const transfer = inherit(event, stored, { amount, timestamp: imported ? event.timestamp : timestamp })
  acceptTransfer(state, transfer, sides)
  return { status: 'created', timestamp: transfer.timestamp }
}

function fieldStatus(event: Transfer): TransferStatus | undefined {
  if ((event.flags & RESOLVES) === RESOLVES || (event.flags & NOT_WITH_RESOLVE) !== 0) return 'flags_are_mutually_exclusive'
  if (event.pendingId === 0n) return 'pending_id_must_not_be_zero'
  if (event.pendingId === ID_MAX) return 'pending_id_must_not_be_int_max'
  if (event.pendingId === event.id) return 'pending_id_must_be_different'
  if (event.timeout !== 0) return 'timeout_reserved_for_pending_transfer'
  return undefined
}

function inheritedStatus(event: Transfer, stored: Transfer): TransferStatus | undefined {
  if (event.debitAccountId !== 0n && event.debitAccountId !== stored.debitAccountId) {
    return 'pending_transfer_has_different_debit_account_id'
  }
  if (event.creditAccountId !== 0n && event.creditAccountId !== stored.creditAccountId) {
    return 'pending_transfer_has_different_credit_account_id'
  }
  if (event.ledger !== 0 && event.ledger !== stored.ledger) return 'pending_transfer_has_different_ledger'
  if (event.code !== 0 && event.code !== stored.code) return 'pending_transfer_has_different_code'
  return undefined
}

/** Exact expiry: at its expiry time a hold can no longer be resolved, even when its units are not released yet. */
function resolvedStatus(pending: PendingState, timestamp: bigint): TransferStatus | undefined {
  if (pending.status === 'posted') return 'pending_transfer_already_posted'
  if (pending.status === 'voided') return 'pending_transfer_already_voided'
  if (pending.status === 'expired') return 'pending_transfer_expired'
  if (pending.transfer.timeout > 0 && timestamp >= expiresAt(pending.transfer)) return 'pending_transfer_expired'
  return undefined
}

function closedStatus({ debit, credit }: Sides): TransferStatus | undefined {
  if ((debit.flags & AccountFlags.closed) !== 0) return 'debit_account_already_closed'
  if ((credit.flags & AccountFlags.closed) !== 0) return 'credit_account_already_closed'
  return undefined
}

function inherit(event: Transfer, stored: Transfer, final: { amount: bigint; timestamp: bigint }): Transfer {
  return {
    ...event,
    ...final,
    debitAccountId: stored.debitAccountId,
    creditAccountId: stored.creditAccountId,
    userData128: event.userData128 || stored.userData128,
    userData64: event.userData64 || stored.userData64,
    userData32: event.userData32 || stored.userData32,
    ledger: stored.ledger,
    code: stored.code,
  }
}
