import { TransferFlags, type TransferStatus } from '../../ports/ledger.ts'
import * as f from '../rows/layout.ts'
import { findRecord, PENDING, pendingStatusAt, type RecordRow } from '../rows/recordLog.ts'
import type { LedgerState } from '../rows/state.ts'
import { compareWords, copyWords, isMax128, isZero128, same128 } from '../rows/words.ts'
import { answerAt, answeredAt, type Batch, eventAt, stamp } from './batch.ts'
import { acceptTransfer, accountsOf, RESOLVES } from './effects.ts'
import { expiresAt } from './holds.ts'
import { closedStatus } from './limits.ts'
import { importableTransfer } from './timestamps.ts'

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
export function resolvePending(state: LedgerState, batch: Batch, i: number): TransferStatus {
  const { rows } = batch
  const { words } = rows
  const at = eventAt(i)
  const malformed = fieldStatus(words, at)
  if (malformed) return malformed
  const pending = findRecord(state.log, words, at + f.PENDING_ID)
  if (!pending || pending.kind !== f.KIND.transfer) return 'pending_transfer_not_found'
  const standing = pendingStatusAt(state.log, pending.place)
  if (standing === PENDING.none) return 'pending_transfer_not_pending'
  const mismatch = inheritedStatus(words, at, pending)
  if (mismatch) return mismatch
  const voids = (f.flagsAt(words, at) & TransferFlags.void_pending_transfer) !== 0
  const whole = voids ? isZero128(words, at + f.AMOUNT) : isMax128(words, at + f.AMOUNT)
  const asked = whole ? 0 : compareWords(words, at + f.AMOUNT, pending.words, pending.at + f.AMOUNT, 4)
  if (asked > 0) return 'exceeds_pending_transfer_amount'
  if (voids && asked < 0) return 'pending_transfer_has_different_amount'
  const resolved = resolvedStatus(standing, pending, batch, i)
  if (resolved) return resolved
  const imported = (f.flagsAt(words, at) & TransferFlags.imported) !== 0
  if (imported && !importableTransfer(state, rows, at)) return 'imported_event_timestamp_must_not_regress'
  const sides = accountsOf(state, pending.words, pending.at)
  const closed = voids ? undefined : closedStatus(sides.debit, sides.credit)
  if (closed) return closed
  inherit(words, at, pending, whole)
  stamp(batch, i)
  if (imported) answerAt(batch, i, words, at)
  acceptTransfer(state, rows, at, sides, pending)
  return 'created'
}

function fieldStatus(words: Uint32Array, at: number): TransferStatus | undefined {
  const flags = f.flagsAt(words, at)
  if ((flags & RESOLVES) === RESOLVES || (flags & NOT_WITH_RESOLVE) !== 0) return 'flags_are_mutually_exclusive'
  if (isZero128(words, at + f.PENDING_ID)) return 'pending_id_must_not_be_zero'
  if (isMax128(words, at + f.PENDING_ID)) return 'pending_id_must_not_be_int_max'
  if (same128(words, at + f.PENDING_ID, words, at + f.ID)) return 'pending_id_must_be_different'
  if (words[at + f.TIMEOUT] !== 0) return 'timeout_reserved_for_pending_transfer'
  return undefined
}

function inheritedStatus(words: Uint32Array, at: number, pending: RecordRow): TransferStatus | undefined {
  const differs = (field: number) => !isZero128(words, at + field) && !same128(words, at + field, pending.words, pending.at + field)
  if (differs(f.DEBIT_ACCOUNT_ID)) return 'pending_transfer_has_different_debit_account_id'
  if (differs(f.CREDIT_ACCOUNT_ID)) return 'pending_transfer_has_different_credit_account_id'
  const ledger = words[at + f.LEDGER]!
  if (ledger !== 0 && ledger !== pending.words[pending.at + f.LEDGER]) return 'pending_transfer_has_different_ledger'
  const code = f.codeAt(words, at)
  if (code !== 0 && code !== f.codeAt(pending.words, pending.at)) return 'pending_transfer_has_different_code'
  return undefined
}

/** Exact expiry: at its expiry time a hold can no longer be resolved, even when its units are not released yet. */
function resolvedStatus(standing: number, pending: RecordRow, batch: Batch, i: number): TransferStatus | undefined {
  if (standing === PENDING.posted) return 'pending_transfer_already_posted'
  if (standing === PENDING.voided) return 'pending_transfer_already_voided'
  if (standing === PENDING.expired) return 'pending_transfer_expired'
  const timed = pending.words[pending.at + f.TIMEOUT] !== 0
  return timed && answeredAt(batch, i) >= expiresAt(pending.rows, pending.at) ? 'pending_transfer_expired' : undefined
}

/** Fills what the event left out from its pending transfer, and the amount when it asked for the whole. */
function inherit(words: Uint32Array, at: number, pending: RecordRow, whole: boolean): void {
  const from = pending.words
  const take = (field: number, count: number) => copyWords(words, at + field, from, pending.at + field, count)
  take(f.DEBIT_ACCOUNT_ID, 8)
  if (whole) take(f.AMOUNT, 4)
  if (isZero128(words, at + f.USER_DATA_128)) take(f.USER_DATA_128, 4)
  if ((words[at + f.USER_DATA_64]! | words[at + f.USER_DATA_64 + 1]!) === 0) take(f.USER_DATA_64, 2)
  if (words[at + f.USER_DATA_32] === 0) take(f.USER_DATA_32, 1)
  take(f.LEDGER, 1)
  f.setCodeAndFlags(words, at, f.codeAt(from, pending.at), f.flagsAt(words, at))
}
