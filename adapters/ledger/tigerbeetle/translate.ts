import { invariant } from '../../../gateway/errors/invariant.ts'
import type {
  Account,
  AccountBalances,
  AccountFilter,
  AccountInit,
  AccountStatus,
  CreateResult,
  QueryFilter,
  Transfer,
  TransferInit,
  TransferStatus,
} from '../../../gateway/ports/ledger.ts'
import { ACCOUNT_RANGES, checkFields, FILTER_RANGES, TRANSFER_RANGES } from './fieldRanges.ts'
import type {
  ClientPackage,
  TheirAccount,
  TheirAccountFilter,
  TheirAccountResult,
  TheirBalance,
  TheirQueryFilter,
  TheirTransfer,
  TheirTransferResult,
  TigerBeetle,
} from './wire.ts'

/** Balances and `reserved` are part of the wire format and must be zero; they are passed on so that the server's refusal is tested. */
type AccountEvent = AccountInit &
  Readonly<{ reserved?: number; debitsPending?: bigint; debitsPosted?: bigint; creditsPending?: bigint; creditsPosted?: bigint }>

/** An account to create as the client wants it: every field present. Stops on a value out of range. */
export function toTheirAccount(account: AccountEvent): TheirAccount {
  checkFields('account', account, ACCOUNT_RANGES)
  return {
    id: account.id,
    debits_pending: account.debitsPending ?? 0n,
    debits_posted: account.debitsPosted ?? 0n,
    credits_pending: account.creditsPending ?? 0n,
    credits_posted: account.creditsPosted ?? 0n,
    user_data_128: account.userData128 ?? 0n,
    user_data_64: account.userData64 ?? 0n,
    user_data_32: account.userData32 ?? 0,
    reserved: account.reserved ?? 0,
    ledger: account.ledger,
    code: account.code,
    flags: account.flags ?? 0,
    timestamp: account.timestamp ?? 0n,
  }
}

/** A transfer to create as the client wants it. Stops on a value out of range. */
export function toTheirTransfer(transfer: TransferInit): TheirTransfer {
  checkFields('transfer', transfer, TRANSFER_RANGES)
  return {
    id: transfer.id,
    debit_account_id: transfer.debitAccountId ?? 0n,
    credit_account_id: transfer.creditAccountId ?? 0n,
    amount: transfer.amount ?? 0n,
    pending_id: transfer.pendingId ?? 0n,
    user_data_128: transfer.userData128 ?? 0n,
    user_data_64: transfer.userData64 ?? 0n,
    user_data_32: transfer.userData32 ?? 0,
    timeout: transfer.timeout ?? 0,
    ledger: transfer.ledger ?? 0,
    code: transfer.code ?? 0,
    flags: transfer.flags ?? 0,
    timestamp: transfer.timestamp ?? 0n,
  }
}

/** A filter as the client wants it. Stops on a value out of range. */
export function toTheirAccountFilter(filter: AccountFilter): TheirAccountFilter {
  return { ...toTheirFilter(filter), account_id: filter.accountId }
}

export function toTheirQueryFilter(filter: QueryFilter): TheirQueryFilter {
  return { ...toTheirFilter(filter), ledger: filter.ledger ?? 0 }
}

function toTheirFilter(filter: AccountFilter | QueryFilter) {
  checkFields('filter', filter, FILTER_RANGES)
  return {
    user_data_128: filter.userData128 ?? 0n,
    user_data_64: filter.userData64 ?? 0n,
    user_data_32: filter.userData32 ?? 0,
    code: filter.code ?? 0,
    timestamp_min: filter.timestampMin ?? 0n,
    timestamp_max: filter.timestampMax ?? 0n,
    limit: filter.limit,
    flags: filter.flags ?? 0,
  }
}

export function toBalances(theirs: TheirBalance): AccountBalances {
  return {
    debitsPending: theirs.debits_pending,
    debitsPosted: theirs.debits_posted,
    creditsPending: theirs.credits_pending,
    creditsPosted: theirs.credits_posted,
    timestamp: theirs.timestamp,
  }
}

export function toAccount(theirs: TheirAccount): Account {
  return {
    id: theirs.id,
    debitsPending: theirs.debits_pending,
    debitsPosted: theirs.debits_posted,
    creditsPending: theirs.credits_pending,
    creditsPosted: theirs.credits_posted,
    userData128: theirs.user_data_128,
    userData64: theirs.user_data_64,
    userData32: theirs.user_data_32,
    ledger: theirs.ledger,
    code: theirs.code,
    flags: theirs.flags,
    timestamp: theirs.timestamp,
  }
}

export function toTransfer(theirs: TheirTransfer): Transfer {
  return {
    id: theirs.id,
    debitAccountId: theirs.debit_account_id,
    creditAccountId: theirs.credit_account_id,
    amount: theirs.amount,
    pendingId: theirs.pending_id,
    userData128: theirs.user_data_128,
    userData64: theirs.user_data_64,
    userData32: theirs.user_data_32,
    timeout: theirs.timeout,
    ledger: theirs.ledger,
    code: theirs.code,
    flags: theirs.flags,
    timestamp: theirs.timestamp,
  }
}

/** A result of creating an account. The compiler proves that each name of theirs is one of ours. */
export function toAccountResult(client: ClientPackage, { status, timestamp }: TheirAccountResult): CreateResult<AccountStatus> {
  const name: keyof TigerBeetle['CreateAccountStatus'] | undefined = nameOf(client.CreateAccountStatus, status)
  invariant(name !== undefined, `status ${status} of an account is known: the server is newer than this program`)
  return { status: name, timestamp }
}

/** A result of creating a transfer. */
export function toTransferResult(client: ClientPackage, { status, timestamp }: TheirTransferResult): CreateResult<TransferStatus> {
  const name: keyof TigerBeetle['CreateTransferStatus'] | undefined = nameOf(client.CreateTransferStatus, status)
  invariant(name !== undefined, `status ${status} of a transfer is known: the server is newer than this program`)
  return { status: name, timestamp }
}

/** Numeric enums of TypeScript carry their names under their numbers. */
function nameOf<N extends string>(names: Readonly<Record<N, number>> & Readonly<Record<number, string>>, status: number): N | undefined {
  // What stands under a number is a name of the same enum.
  return names[status] as N | undefined
}
