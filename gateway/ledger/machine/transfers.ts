import { TransferFlags, type TransferStatus } from '../../ports/ledger.ts'
import { type AccountRow, findAccount } from '../rows/accountTable.ts'
import * as f from '../rows/layout.ts'
import { findRecord } from '../rows/recordLog.ts'
import type { LedgerState } from '../rows/state.ts'
import { compareWords, copyWords, isMax128, isZero128, type Rows, same128 } from '../rows/words.ts'
import { answerAt, type Batch, eventAt, stamp } from './batch.ts'
import { TIMESTAMP_MAX } from './chain.ts'
import { acceptTransfer, RESOLVES } from './effects.ts'
import { expiresAt } from './holds.ts'
import { clampToCredit, clampToDebit, closedStatus, exceedsCredits, exceedsDebits, overflowStatus } from './limits.ts'
import { importableTransfer } from './timestamps.ts'
import { transferExists } from './transferExists.ts'
import { resolvePending } from './twoPhase.ts'

const KNOWN_FLAGS = 511
const CLOSING = TransferFlags.closing_debit | TransferFlags.closing_credit
const BALANCING = TransferFlags.balancing_debit | TransferFlags.balancing_credit

/** Creates transfer `i` of a batch, or says why not, in TigerBeetle's order of checks. */
export function createTransfer(state: LedgerState, batch: Batch, i: number): TransferStatus {
  const { rows } = batch
  const { words } = rows
  const at = eventAt(i)
  const flags = f.flagsAt(words, at)
  if ((flags & ~KNOWN_FLAGS) !== 0) return 'reserved_flag'
  if (isZero128(words, at + f.ID)) return 'id_must_not_be_zero'
  if (isMax128(words, at + f.ID)) return 'id_must_not_be_int_max'
  const used = usedId(state, batch, i)
  if (used) return used
  if ((flags & RESOLVES) !== 0) return resolvePending(state, batch, i)
  const malformed = fieldStatus(words, at)
  if (malformed) return malformed
  const debit = debitAccount(state, batch, at + f.DEBIT_ACCOUNT_ID)
  if (!debit) return 'debit_account_not_found'
  const credit = findAccount(state.accounts, words, at + f.CREDIT_ACCOUNT_ID)
  if (!credit) return 'credit_account_not_found'
  const mismatch = accountStatus(state, rows, at, debit, credit)
  if (mismatch) return mismatch
  if ((flags & BALANCING) !== 0) balance(words, at, debit, credit)
  stamp(batch, i)
  const tooMuch = amountStatus(rows, at, debit, credit)
  if (tooMuch) return tooMuch
  if ((flags & TransferFlags.imported) !== 0) answerAt(batch, i, words, at)
  acceptTransfer(state, rows, at, { debit, credit })
  return 'created'
}

/** The account whose id is at `at`. The legs of most chains pay from one account, so that of the transfer before is looked at first. */
function debitAccount(state: LedgerState, batch: Batch, at: number): AccountRow | undefined {
  const { debit, rows } = batch
  if (debit && same128(debit.words, debit.at + f.ID, rows.words, at)) return debit
  batch.debit = findAccount(state.accounts, rows.words, at)
  return batch.debit
}

/** The answer to an id that was used before: by an accepted transfer, or by one whose failure burned it. */
function usedId(state: LedgerState, batch: Batch, i: number): TransferStatus | undefined {
  const { rows } = batch
  const at = eventAt(i)
  if (compareWords(rows.words, at + f.ID, state.newestId, 0, 4) > 0) return undefined
  const stored = findRecord(state.log, rows.words, at + f.ID)
  if (!stored) return undefined
  if (stored.kind === f.KIND.burned) return 'id_already_failed'
  const status = transferExists(state, rows, at, stored)
  if (status === 'exists') answerAt(batch, i, stored.words, stored.at)
  return status
}

function fieldStatus(words: Uint32Array, at: number): TransferStatus | undefined {
  if (isZero128(words, at + f.DEBIT_ACCOUNT_ID)) return 'debit_account_id_must_not_be_zero'
  if (isMax128(words, at + f.DEBIT_ACCOUNT_ID)) return 'debit_account_id_must_not_be_int_max'
  if (isZero128(words, at + f.CREDIT_ACCOUNT_ID)) return 'credit_account_id_must_not_be_zero'
  if (isMax128(words, at + f.CREDIT_ACCOUNT_ID)) return 'credit_account_id_must_not_be_int_max'
  if (same128(words, at + f.DEBIT_ACCOUNT_ID, words, at + f.CREDIT_ACCOUNT_ID)) return 'accounts_must_be_different'
  if (!isZero128(words, at + f.PENDING_ID)) return 'pending_id_must_be_zero'
  const flags = f.flagsAt(words, at)
  if ((flags & TransferFlags.pending) === 0) {
    if (words[at + f.TIMEOUT] !== 0) return 'timeout_reserved_for_pending_transfer'
    if ((flags & CLOSING) !== 0) return 'closing_transfer_must_be_pending'
  }
  if (words[at + f.LEDGER] === 0) return 'ledger_must_not_be_zero'
  if (f.codeAt(words, at) === 0) return 'code_must_not_be_zero'
  return undefined
}

function accountStatus(state: LedgerState, rows: Rows, at: number, debit: AccountRow, credit: AccountRow): TransferStatus | undefined {
  const { words } = rows
  const ledger = debit.words[debit.at + f.LEDGER]
  if (ledger !== credit.words[credit.at + f.LEDGER]) return 'accounts_must_have_the_same_ledger'
  if (words[at + f.LEDGER] !== ledger) return 'transfer_must_have_the_same_ledger_as_accounts'
  if ((f.flagsAt(words, at) & TransferFlags.imported) !== 0) {
    if (!importableTransfer(state, rows, at)) return 'imported_event_timestamp_must_not_regress'
    if (!postdates(words, at, debit)) return 'imported_event_timestamp_must_postdate_debit_account'
    if (!postdates(words, at, credit)) return 'imported_event_timestamp_must_postdate_credit_account'
    if (words[at + f.TIMEOUT] !== 0) return 'imported_event_timeout_must_be_zero'
  }
  return closedStatus(debit, credit)
}

function postdates(words: Uint32Array, at: number, account: AccountRow): boolean {
  return compareWords(words, at + f.TIMESTAMP, account.words, account.at + f.TIMESTAMP, 2) > 0
}

const asked = new Uint32Array(4)

/** Lowers the amount to what the balancing flags leave of it. */
function balance(words: Uint32Array, at: number, debit: AccountRow, credit: AccountRow): void {
  const flags = f.flagsAt(words, at)
  copyWords(asked, 0, words, at + f.AMOUNT, 4)
  if ((flags & TransferFlags.balancing_debit) !== 0) clampToDebit(debit, asked, 0)
  if ((flags & TransferFlags.balancing_credit) !== 0) clampToCredit(credit, asked, 0)
  copyWords(words, at + f.AMOUNT, asked, 0, 4)
}

function amountStatus(rows: Rows, at: number, debit: AccountRow, credit: AccountRow): TransferStatus | undefined {
  const { words } = rows
  const pending = (f.flagsAt(words, at) & TransferFlags.pending) !== 0
  const overflow = overflowStatus(debit, credit, words, at + f.AMOUNT, pending)
  if (overflow) return overflow
  if (words[at + f.TIMEOUT] !== 0 && expiresAt(rows, at) > TIMESTAMP_MAX) return 'overflows_timeout'
  if (exceedsCredits(debit, words, at + f.AMOUNT)) return 'exceeds_credits'
  if (exceedsDebits(credit, words, at + f.AMOUNT)) return 'exceeds_debits'
  return undefined
}
