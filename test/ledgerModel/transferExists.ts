import { AMOUNT_MAX, type Transfer, TransferFlags, type TransferStatus } from '../../gateway/ports/ledger.ts'
import type { LedgerState } from './state.ts'

const RESOLVES = TransferFlags.post_pending_transfer | TransferFlags.void_pending_transfer
const BALANCING = TransferFlags.balancing_debit | TransferFlags.balancing_credit

/** How a transfer compares with the one already stored under its id: `exists` for an honest retry, else the first field that differs. */
export function transferExists(state: LedgerState, event: Transfer, stored: Transfer): TransferStatus {
  if (event.flags !== stored.flags) return 'exists_with_different_flags'
  if (event.pendingId !== stored.pendingId) return 'exists_with_different_pending_id'
  if (event.timeout !== stored.timeout) return 'exists_with_different_timeout'
  if ((event.flags & RESOLVES) !== 0) return resolutionExists(event, stored, state.pendings.get(stored.pendingId)!.transfer)
  if (event.debitAccountId !== stored.debitAccountId) return 'exists_with_different_debit_account_id'
  if (event.creditAccountId !== stored.creditAccountId) return 'exists_with_different_credit_account_id'
  // A balancing transfer stored what was available: a retry asks for at least that.
  const balancing = (event.flags & BALANCING) !== 0
  if (balancing ? event.amount < stored.amount : event.amount !== stored.amount) return 'exists_with_different_amount'
  if (event.userData128 !== stored.userData128) return 'exists_with_different_user_data_128'
  if (event.userData64 !== stored.userData64) return 'exists_with_different_user_data_64'
  if (event.userData32 !== stored.userData32) return 'exists_with_different_user_data_32'
  if (event.ledger !== stored.ledger) return 'exists_with_different_ledger'
  if (event.code !== stored.code) return 'exists_with_different_code'
  return 'exists'
}

/** A post or void may omit what it inherits from its pending transfer, so an omitted field is compared with the inherited value. */
function resolutionExists(event: Transfer, stored: Transfer, pending: Transfer): TransferStatus {
  if (event.debitAccountId !== 0n && event.debitAccountId !== stored.debitAccountId) return 'exists_with_different_debit_account_id'
  if (event.creditAccountId !== 0n && event.creditAccountId !== stored.creditAccountId) return 'exists_with_different_credit_account_id'
  const voids = (event.flags & TransferFlags.void_pending_transfer) !== 0
  const asked = event.amount === (voids ? 0n : AMOUNT_MAX) ? pending.amount : event.amount
  if (asked !== stored.amount) return 'exists_with_different_amount'
  if ((event.userData128 || pending.userData128) !== stored.userData128) return 'exists_with_different_user_data_128'
  if ((event.userData64 || pending.userData64) !== stored.userData64) return 'exists_with_different_user_data_64'
  if ((event.userData32 || pending.userData32) !== stored.userData32) return 'exists_with_different_user_data_32'
  if (event.ledger !== 0 && event.ledger !== stored.ledger) return 'exists_with_different_ledger'
  if (event.code !== 0 && event.code !== stored.code) return 'exists_with_different_code'
  return 'exists'
}
