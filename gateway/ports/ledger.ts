/** The ledger engine's model is TigerBeetle 0.17's, name for name: https://docs.tigerbeetle.com/reference/. */

export type U128 = bigint

export const AccountFlags = {
  linked: 1,
  debits_must_not_exceed_credits: 2,
  credits_must_not_exceed_debits: 4,
  history: 8,
  imported: 16,
  closed: 32,
} as const

export const TransferFlags = {
  linked: 1,
  pending: 2,
  post_pending_transfer: 4,
  void_pending_transfer: 8,
  balancing_debit: 16,
  balancing_credit: 32,
  closing_debit: 64,
  closing_credit: 128,
  imported: 256,
} as const

export const AMOUNT_MAX: U128 = 2n ** 128n - 1n

/** Zero fields may be omitted. `timestamp` only with the imported flag. */
export type AccountInit = Readonly<{
  id: U128
  ledger: number
  code: number
  flags?: number
  userData128?: U128
  userData64?: bigint
  userData32?: number
  timestamp?: bigint
}>

export type Account = Required<AccountInit> &
  Readonly<{ debitsPending: U128; debitsPosted: U128; creditsPending: U128; creditsPosted: U128 }>

export type TransferInit = Readonly<{
  id: U128
  debitAccountId?: U128
  creditAccountId?: U128
  amount?: U128
  pendingId?: U128
  userData128?: U128
  userData64?: bigint
  userData32?: number
  timeout?: number
  ledger?: number
  code?: number
  flags?: number
  timestamp?: bigint
}>

export type Transfer = Required<TransferInit>

export type CreateResult<S extends string> = Readonly<{ status: S; timestamp: bigint }>

type ImportedStatus =
  | 'imported_event_expected'
  | 'imported_event_not_expected'
  | 'imported_event_timestamp_out_of_range'
  | 'imported_event_timestamp_must_not_advance'
  | 'imported_event_timestamp_must_not_regress'

type EventStatus = 'created' | 'linked_event_failed' | 'linked_event_chain_open' | 'timestamp_must_be_zero' | 'exists' | ImportedStatus

export type AccountStatus =
  | EventStatus
  | 'reserved_field'
  | 'reserved_flag'
  | 'id_must_not_be_zero'
  | 'id_must_not_be_int_max'
  | `exists_with_different_${'flags' | 'user_data_128' | 'user_data_64' | 'user_data_32' | 'ledger' | 'code'}`
  | 'flags_are_mutually_exclusive'
  | `${'debits' | 'credits'}_${'pending' | 'posted'}_must_be_zero`
  | 'ledger_must_not_be_zero'
  | 'code_must_not_be_zero'

export type TransferStatus =
  | EventStatus
  | 'reserved_flag'
  | 'id_must_not_be_zero'
  | 'id_must_not_be_int_max'
  | `exists_with_different_${
      | 'flags'
      | 'pending_id'
      | 'timeout'
      | 'debit_account_id'
      | 'credit_account_id'
      | 'amount'
      | 'user_data_128'
      | 'user_data_64'
      | 'user_data_32'
      | 'ledger'
      | 'code'}`
  | 'id_already_failed'
  | 'flags_are_mutually_exclusive'
  | `${'debit' | 'credit'}_account_id_must_not_be_${'zero' | 'int_max'}`
  | 'accounts_must_be_different'
  | `pending_id_must_${'be_zero' | 'not_be_zero' | 'not_be_int_max' | 'be_different'}`
  | 'timeout_reserved_for_pending_transfer'
  | 'closing_transfer_must_be_pending'
  | 'ledger_must_not_be_zero'
  | 'code_must_not_be_zero'
  | `${'debit' | 'credit'}_account_not_found`
  | 'accounts_must_have_the_same_ledger'
  | 'transfer_must_have_the_same_ledger_as_accounts'
  | 'pending_transfer_not_found'
  | 'pending_transfer_not_pending'
  | `pending_transfer_has_different_${'debit_account_id' | 'credit_account_id' | 'ledger' | 'code' | 'amount'}`
  | 'exceeds_pending_transfer_amount'
  | 'pending_transfer_already_posted'
  | 'pending_transfer_already_voided'
  | 'pending_transfer_expired'
  | `imported_event_timestamp_must_postdate_${'debit' | 'credit'}_account`
  | 'imported_event_timeout_must_be_zero'
  | `${'debit' | 'credit'}_account_already_closed`
  | `overflows_${'debits' | 'credits'}_${'pending' | 'posted'}`
  | 'overflows_debits'
  | 'overflows_credits'
  | 'overflows_timeout'
  | 'exceeds_credits'
  | 'exceeds_debits'

/**
 * Results are dense, one per event, in order. Durability belongs to the caller of the pure machine; an engine that is a server resolves only
 * when it is durable. Background expiry of holds runs on the engine's own clock.
 */
export interface LedgerEngine {
  createAccounts(batch: readonly AccountInit[]): Promise<CreateResult<AccountStatus>[]>
  createTransfers(batch: readonly TransferInit[], options?: { deadlineMs?: number }): Promise<CreateResult<TransferStatus>[]>
  lookupAccounts(ids: readonly U128[]): Promise<(Account | undefined)[]>
  lookupTransfers(ids: readonly U128[]): Promise<(Transfer | undefined)[]>
  close(): Promise<void>
}

/** Most events of one call, ids of one lookup and rows of one answer, as in TigerBeetle. */
export const LEDGER_BATCH_MAX = 8189

export const AccountFilterFlags = { debits: 1, credits: 2, reversed: 4 } as const
export const QueryFilterFlags = { reversed: 1 } as const

type FilterFields = Readonly<{
  userData128?: U128
  userData64?: bigint
  userData32?: number
  code?: number
  /** Both inclusive. */
  timestampMin?: bigint
  timestampMax?: bigint
  limit: number
  flags?: number
}>

/** What is asked about one account. Fields that are zero or omitted do not filter; `flags` says which sides, and that the newest comes first. */
export type AccountFilter = FilterFields & Readonly<{ accountId: U128 }>
/** All of these have to match; what is zero or omitted does not filter. */
export type QueryFilter = FilterFields & Readonly<{ ledger?: number }>

/** The balances of an account after the transfer at `timestamp`. */
export type AccountBalances = Readonly<{
  debitsPending: U128
  debitsPosted: U128
  creditsPending: U128
  creditsPosted: U128
  timestamp: bigint
}>

/**
 * What a ledger engine answers about many accounts or transfers, ordered by timestamp. A filter that makes no sense (an unknown flag, no side, limit 0,
 * a range turned round, a timestamp of 2^63 or more, an unknown account) has no rows; a limit over `LEDGER_BATCH_MAX` is refused.
 */
export interface LedgerQueries {
  accountTransfers(filter: AccountFilter): Promise<Transfer[]>
  /** Only of accounts with the `history` flag. */
  accountBalances(filter: AccountFilter): Promise<AccountBalances[]>
  queryAccounts(filter: QueryFilter): Promise<Account[]>
  queryTransfers(filter: QueryFilter): Promise<Transfer[]>
}
