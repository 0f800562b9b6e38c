import { TransferFlags, type TransferStatus } from '../../ports/ledger.ts'
import * as f from '../rows/layout.ts'
import { findRecord, type RecordRow } from '../rows/recordLog.ts'
import type { LedgerState } from '../rows/state.ts'
import { compareWords, isMax128, isZero128, type Rows, same64, same128 } from '../rows/words.ts'
import { RESOLVES } from './effects.ts'

const BALANCING = TransferFlags.balancing_debit | TransferFlags.balancing_credit

/** How a transfer compares with the one already stored under its id: `exists` for an honest retry, else the first field that differs. */
export function transferExists(state: LedgerState, event: Rows, at: number, stored: RecordRow): TransferStatus {
  const a = event.words
  const b = stored.words
  const flags = f.flagsAt(a, at)
  if (flags !== f.flagsAt(b, stored.at)) return 'exists_with_different_flags'
  if (!same128(a, at + f.PENDING_ID, b, stored.at + f.PENDING_ID)) return 'exists_with_different_pending_id'
  if (a[at + f.TIMEOUT] !== b[stored.at + f.TIMEOUT]) return 'exists_with_different_timeout'
  if ((flags & RESOLVES) !== 0) return resolutionExists(state, a, at, stored)
  if (!same128(a, at + f.DEBIT_ACCOUNT_ID, b, stored.at + f.DEBIT_ACCOUNT_ID)) return 'exists_with_different_debit_account_id'
  if (!same128(a, at + f.CREDIT_ACCOUNT_ID, b, stored.at + f.CREDIT_ACCOUNT_ID)) return 'exists_with_different_credit_account_id'
  // A balancing transfer stored what was available: a retry asks for at least that.
  const asked = compareWords(a, at + f.AMOUNT, b, stored.at + f.AMOUNT, 4)
  if ((flags & BALANCING) !== 0 ? asked < 0 : asked !== 0) return 'exists_with_different_amount'
  if (!same128(a, at + f.USER_DATA_128, b, stored.at + f.USER_DATA_128)) return 'exists_with_different_user_data_128'
  if (!same64(a, at + f.USER_DATA_64, b, stored.at + f.USER_DATA_64)) return 'exists_with_different_user_data_64'
  if (a[at + f.USER_DATA_32] !== b[stored.at + f.USER_DATA_32]) return 'exists_with_different_user_data_32'
  if (a[at + f.LEDGER] !== b[stored.at + f.LEDGER]) return 'exists_with_different_ledger'
  if (f.codeAt(a, at) !== f.codeAt(b, stored.at)) return 'exists_with_different_code'
  return 'exists'
}

/** A post or void may omit what it inherits from its pending transfer, so an omitted field is compared with the inherited value. */
function resolutionExists(state: LedgerState, a: Uint32Array, at: number, stored: RecordRow): TransferStatus {
  const b = stored.words
  // The pending transfer of an accepted post or void exists.
  const pending = findRecord(state.log, b, stored.at + f.PENDING_ID)!
  const given128 = (field: number) =>
    isZero128(a, at + field)
      ? same128(pending.words, pending.at + field, b, stored.at + field)
      : same128(a, at + field, b, stored.at + field)
  for (const [field, status] of [
    [f.DEBIT_ACCOUNT_ID, 'exists_with_different_debit_account_id'],
    [f.CREDIT_ACCOUNT_ID, 'exists_with_different_credit_account_id'],
  ] as const) {
    if (!isZero128(a, at + field) && !same128(a, at + field, b, stored.at + field)) return status
  }
  const voids = (f.flagsAt(a, at) & TransferFlags.void_pending_transfer) !== 0
  const whole = voids ? isZero128(a, at + f.AMOUNT) : isMax128(a, at + f.AMOUNT)
  const sameAmount = whole
    ? same128(pending.words, pending.at + f.AMOUNT, b, stored.at + f.AMOUNT)
    : same128(a, at + f.AMOUNT, b, stored.at + f.AMOUNT)
  if (!sameAmount) return 'exists_with_different_amount'
  if (!given128(f.USER_DATA_128)) return 'exists_with_different_user_data_128'
  const ownData64 = (a[at + f.USER_DATA_64]! | a[at + f.USER_DATA_64 + 1]!) !== 0
  if (
    !(ownData64
      ? same64(a, at + f.USER_DATA_64, b, stored.at + f.USER_DATA_64)
      : same64(pending.words, pending.at + f.USER_DATA_64, b, stored.at + f.USER_DATA_64))
  )
    return 'exists_with_different_user_data_64'
  if ((a[at + f.USER_DATA_32]! || pending.words[pending.at + f.USER_DATA_32]!) !== b[stored.at + f.USER_DATA_32])
    return 'exists_with_different_user_data_32'
  const ledger = a[at + f.LEDGER]!
  if (ledger !== 0 && ledger !== b[stored.at + f.LEDGER]) return 'exists_with_different_ledger'
  const code = f.codeAt(a, at)
  if (code !== 0 && code !== f.codeAt(b, stored.at)) return 'exists_with_different_code'
  return 'exists'
}
