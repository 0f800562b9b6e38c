import { AccountFlags, type AccountStatus } from '../../ports/ledger.ts'
import { findAccount } from '../rows/accountTable.ts'
import * as f from '../rows/layout.ts'
import type { LedgerState } from '../rows/state.ts'
import { isMax128, isZero128, same64, same128 } from '../rows/words.ts'
import { answerAt, type Batch, eventAt } from './batch.ts'
import { acceptAccount } from './effects.ts'
import { importableAccount } from './timestamps.ts'

const KNOWN_FLAGS = 63
const BOTH_LIMITS = AccountFlags.debits_must_not_exceed_credits | AccountFlags.credits_must_not_exceed_debits

/** Creates account `i` of a batch, or says why not. */
export function createAccount(state: LedgerState, batch: Batch, i: number): AccountStatus {
  const { words } = batch.rows
  const at = eventAt(i)
  const early = idStatus(words, at)
  if (early) return early
  const existing = findAccount(state.accounts, words, at + f.ID)
  if (existing) {
    const status = existsStatus(words, at, existing.words, existing.at)
    if (status === 'exists') answerAt(batch, i, existing.words, existing.at)
    return status
  }
  const refused = fieldStatus(state, batch, i)
  if (refused) return refused
  if ((f.flagsAt(words, at) & AccountFlags.imported) !== 0) answerAt(batch, i, words, at)
  else {
    words[at + f.TIMESTAMP] = batch.timestamps[2 * i]!
    words[at + f.TIMESTAMP + 1] = batch.timestamps[2 * i + 1]!
  }
  acceptAccount(state, batch.rows, at)
  return 'created'
}

function idStatus(words: Uint32Array, at: number): AccountStatus | undefined {
  if (words[at + f.RESERVED] !== 0) return 'reserved_field'
  if ((f.flagsAt(words, at) & ~KNOWN_FLAGS) !== 0) return 'reserved_flag'
  if (isZero128(words, at + f.ID)) return 'id_must_not_be_zero'
  if (isMax128(words, at + f.ID)) return 'id_must_not_be_int_max'
  return undefined
}

function existsStatus(a: Uint32Array, i: number, b: Uint32Array, j: number): AccountStatus {
  if (f.flagsAt(a, i) !== f.flagsAt(b, j)) return 'exists_with_different_flags'
  if (!same128(a, i + f.USER_DATA_128, b, j + f.USER_DATA_128)) return 'exists_with_different_user_data_128'
  if (!same64(a, i + f.USER_DATA_64, b, j + f.USER_DATA_64)) return 'exists_with_different_user_data_64'
  if (a[i + f.USER_DATA_32] !== b[j + f.USER_DATA_32]) return 'exists_with_different_user_data_32'
  if (a[i + f.LEDGER] !== b[j + f.LEDGER]) return 'exists_with_different_ledger'
  if (f.codeAt(a, i) !== f.codeAt(b, j)) return 'exists_with_different_code'
  return 'exists'
}

function fieldStatus(state: LedgerState, { rows }: Batch, i: number): AccountStatus | undefined {
  const { words } = rows
  const at = eventAt(i)
  const flags = f.flagsAt(words, at)
  if ((flags & BOTH_LIMITS) === BOTH_LIMITS) return 'flags_are_mutually_exclusive'
  if (!isZero128(words, at + f.DEBITS_PENDING)) return 'debits_pending_must_be_zero'
  if (!isZero128(words, at + f.DEBITS_POSTED)) return 'debits_posted_must_be_zero'
  if (!isZero128(words, at + f.CREDITS_PENDING)) return 'credits_pending_must_be_zero'
  if (!isZero128(words, at + f.CREDITS_POSTED)) return 'credits_posted_must_be_zero'
  if (words[at + f.LEDGER] === 0) return 'ledger_must_not_be_zero'
  if (f.codeAt(words, at) === 0) return 'code_must_not_be_zero'
  const imported = (flags & AccountFlags.imported) !== 0
  return imported && !importableAccount(state, rows, at) ? 'imported_event_timestamp_must_not_regress' : undefined
}
