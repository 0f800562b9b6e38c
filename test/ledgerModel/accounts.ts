import { invariant } from '../../gateway/errors/invariant.ts'
import { AccountFlags, type AccountInit, type AccountStatus, type CreateResult } from '../../gateway/ports/ledger.ts'
import { acceptRecord } from './effects.ts'
import type { AccountRecord } from './record.ts'
import type { AccountState, LedgerState } from './state.ts'
import { importable } from './timestamps.ts'

/** An account to create. Balances and `reserved` are part of the wire format and must be zero; they are here so that refusing them is tested. */
export type AccountEvent = AccountInit &
  Readonly<{ reserved?: number; debitsPending?: bigint; debitsPosted?: bigint; creditsPending?: bigint; creditsPosted?: bigint }>

const ID_MAX = 2n ** 128n - 1n
const KNOWN_FLAGS = 63
const BOTH_LIMITS = AccountFlags.debits_must_not_exceed_credits | AccountFlags.credits_must_not_exceed_debits

export type FullAccountEvent = Required<AccountEvent>

/** Fills omitted fields with zero. Stops on a value that its field can not hold: clients of a real server would silently wrap it. */
export function fullAccount(event: AccountEvent): FullAccountEvent {
  const full = {
    id: event.id,
    ledger: event.ledger,
    code: event.code,
    flags: event.flags ?? 0,
    userData128: event.userData128 ?? 0n,
    userData64: event.userData64 ?? 0n,
    userData32: event.userData32 ?? 0,
    timestamp: event.timestamp ?? 0n,
    reserved: event.reserved ?? 0,
    debitsPending: event.debitsPending ?? 0n,
    debitsPosted: event.debitsPosted ?? 0n,
    creditsPending: event.creditsPending ?? 0n,
    creditsPosted: event.creditsPosted ?? 0n,
  }
  invariant(
    fits(full.id, 128) && fits(full.userData128, 128) && fits(full.userData64, 64) && fits(full.timestamp, 64),
    'account field range',
  )
  invariant(
    isUint(full.ledger, 32) && isUint(full.userData32, 32) && isUint(full.code, 16) && isUint(full.flags, 16),
    'account field range',
  )
  return full
}

/** True when a bigint is unsigned and has at most `bits` bits. */
export function fits(value: bigint, bits: 64 | 128): boolean {
  return value >= 0n && value <= (bits === 64 ? 0xffff_ffff_ffff_ffffn : ID_MAX)
}

/** True when a number is a whole one of at most `bits` bits. */
export function isUint(value: number, bits: 16 | 32): boolean {
  return Number.isInteger(value) && value >= 0 && value <= (bits === 16 ? 0xffff : 0xffff_ffff)
}

/** Creates one account, or says why not. */
export function createAccount(state: LedgerState, event: FullAccountEvent, timestamp: bigint): CreateResult<AccountStatus> {
  const early = idStatus(event)
  if (early) return { status: early, timestamp }
  const existing = state.accounts.get(event.id)
  if (existing) {
    const status = existsStatus(event, existing)
    return { status, timestamp: status === 'exists' ? existing.timestamp : timestamp }
  }
  const refused = fieldStatus(state, event)
  if (refused) return { status: refused, timestamp }
  const { reserved, debitsPending, debitsPosted, creditsPending, creditsPosted, ...fields } = event
  const imported = (event.flags & AccountFlags.imported) !== 0
  const account: AccountRecord = imported ? fields : { ...fields, timestamp }
  acceptRecord(state, { kind: 'account', account })
  return { status: 'created', timestamp: account.timestamp }
}

function idStatus(event: FullAccountEvent): AccountStatus | undefined {
  if (event.reserved !== 0) return 'reserved_field'
  if ((event.flags & ~KNOWN_FLAGS) !== 0) return 'reserved_flag'
  if (event.id === 0n) return 'id_must_not_be_zero'
  if (event.id === ID_MAX) return 'id_must_not_be_int_max'
  return undefined
}

function existsStatus(event: FullAccountEvent, existing: AccountState): AccountStatus {
  if (event.flags !== existing.flags) return 'exists_with_different_flags'
  if (event.userData128 !== existing.userData128) return 'exists_with_different_user_data_128'
  if (event.userData64 !== existing.userData64) return 'exists_with_different_user_data_64'
  if (event.userData32 !== existing.userData32) return 'exists_with_different_user_data_32'
  if (event.ledger !== existing.ledger) return 'exists_with_different_ledger'
  if (event.code !== existing.code) return 'exists_with_different_code'
  return 'exists'
}

function fieldStatus(state: LedgerState, event: FullAccountEvent): AccountStatus | undefined {
  if ((event.flags & BOTH_LIMITS) === BOTH_LIMITS) return 'flags_are_mutually_exclusive'
  if (event.debitsPending !== 0n) return 'debits_pending_must_be_zero'
  if (event.debitsPosted !== 0n) return 'debits_posted_must_be_zero'
  if (event.creditsPending !== 0n) return 'credits_pending_must_be_zero'
  if (event.creditsPosted !== 0n) return 'credits_posted_must_be_zero'
  if (event.ledger === 0) return 'ledger_must_not_be_zero'
  if (event.code === 0) return 'code_must_not_be_zero'
  const imported = (event.flags & AccountFlags.imported) !== 0
  if (imported && !importable(event.timestamp, state.accountTimestamps, state.transferTimestamps)) {
    return 'imported_event_timestamp_must_not_regress'
  }
  return undefined
}
