import { invariant } from '../../errors/invariant.ts'
import {
  type Account,
  type AccountBalances,
  type AccountFilter,
  AccountFilterFlags,
  AccountFlags,
  LEDGER_BATCH_MAX,
  type QueryFilter,
  QueryFilterFlags,
  type Transfer,
} from '../../ports/ledger.ts'
import { type AccountRow, accountAt, accountOfId, readAccount } from '../rows/accountTable.ts'
import { HISTORY, historyRow, transferOf } from '../rows/historyTable.ts'
import * as f from '../rows/layout.ts'
import { readTransfer } from '../rows/recordBytes.ts'
import { recordAt } from '../rows/recordLog.ts'
import type { LedgerState } from '../rows/state.ts'
import { getU64, getU128, newRows, type Rows, same128, setU128 } from '../rows/words.ts'
import { TIMESTAMP_MAX } from './chain.ts'
import { type TransferRow, transfersBetween } from './transferScan.ts'

const ACCOUNT_FILTER_FLAGS = 7
const QUERY_FILTER_FLAGS = 1

type Filter = Omit<AccountFilter, 'accountId'> & Readonly<{ ledger?: number }>
type Range = Readonly<{ min: bigint; max: bigint; reversed: boolean }>

/** The transfers of an account that match, by reading through all transfers of the time asked for. */
export function accountTransfers(state: LedgerState, filter: AccountFilter): Transfer[] {
  const account = accountOf(state, filter)
  const range = account && rangeOf(filter, filter.flags ?? 0, ACCOUNT_FILTER_FLAGS, AccountFilterFlags.reversed)
  if (!range) return []
  const matches = sidesOf(account, filter.flags ?? 0)
  return collect(filter.limit, transfersBetween(state, range), (row) => matches(row) && fieldsMatch(row.rows, row.at, filter)).map(
    asTransfer,
  )
}

/** The balances of a `history` account after each of its transfers that match. */
export function accountBalances(state: LedgerState, filter: AccountFilter): AccountBalances[] {
  const account = accountOf(state, filter)
  const range = account && rangeOf(filter, filter.flags ?? 0, ACCOUNT_FILTER_FLAGS, AccountFilterFlags.reversed)
  if (!range || (f.flagsAt(account.words, account.at) & AccountFlags.history) === 0) return []
  const matches = sidesOf(account, filter.flags ?? 0)
  const found: AccountBalances[] = []
  for (const n of upTo(state.history.count, range.reversed)) {
    if (found.length === filter.limit) break
    const { rows, words, at } = historyRow(state.history, n)
    if (words[at + HISTORY.account] !== account.place) continue
    const transfer = recordAt(state.log, transferOf(words, at))
    const timestamp = getU64(transfer.rows, transfer.at + f.TIMESTAMP)
    if (timestamp < range.min || timestamp > range.max) continue
    if (matches(transfer) && fieldsMatch(transfer.rows, transfer.at, filter)) found.push(balancesAt(rows, at + HISTORY.balances, timestamp))
  }
  return found
}

/** The accounts that match. */
export function queryAccounts(state: LedgerState, filter: QueryFilter): Account[] {
  const range = rangeOf(filter, filter.flags ?? 0, QUERY_FILTER_FLAGS, QueryFilterFlags.reversed)
  if (!range) return []
  const found: Account[] = []
  for (const place of upTo(state.accounts.count, range.reversed)) {
    if (found.length === filter.limit) break
    const row = accountAt(state.accounts, place)
    const timestamp = getU64(row.rows, row.at + f.TIMESTAMP)
    if (timestamp >= range.min && timestamp <= range.max && fieldsMatch(row.rows, row.at, filter)) found.push(readAccount(row))
  }
  return found
}

/** The transfers that match. */
export function queryTransfers(state: LedgerState, filter: QueryFilter): Transfer[] {
  const range = rangeOf(filter, filter.flags ?? 0, QUERY_FILTER_FLAGS, QueryFilterFlags.reversed)
  if (!range) return []
  return collect(filter.limit, transfersBetween(state, range), (row) => fieldsMatch(row.rows, row.at, filter)).map(asTransfer)
}

function asTransfer({ rows, at }: { rows: Rows; at: number }): Transfer {
  return readTransfer(rows, at)
}

function collect(limit: number, rows: Iterable<TransferRow>, matches: (row: TransferRow) => boolean): TransferRow[] {
  const found: TransferRow[] = []
  for (const row of rows) {
    if (matches(row)) found.push(row)
    if (found.length === limit) break
  }
  return found
}

function accountOf(state: LedgerState, { accountId }: AccountFilter): AccountRow | undefined {
  return accountOfId(state.accounts, accountId)
}

/** The time asked for; undefined for a filter that can have no rows. Stops on a limit that is too large. */
function rangeOf(
  { limit, timestampMin = 0n, timestampMax = 0n }: Filter,
  flags: number,
  known: number,
  reversed: number,
): Range | undefined {
  invariant(limit <= LEDGER_BATCH_MAX, `a query is for at most ${LEDGER_BATCH_MAX} rows`)
  if (limit === 0 || (flags & ~known) !== 0) return undefined
  if (timestampMin > TIMESTAMP_MAX || timestampMax > TIMESTAMP_MAX) return undefined
  const max = timestampMax === 0n ? TIMESTAMP_MAX : timestampMax
  return timestampMin > max ? undefined : { min: timestampMin, max, reversed: (flags & reversed) !== 0 }
}

const wanted = newRows(1)

/** True when every field that the filter names is that of the row. Accounts and transfers have them at the same words. */
function fieldsMatch(rows: Rows, at: number, filter: Filter): boolean {
  const { words } = rows
  const { userData128 = 0n, userData64 = 0n, userData32 = 0, ledger = 0, code = 0 } = filter
  if (ledger !== 0 && words[at + f.LEDGER] !== ledger) return false
  if (code !== 0 && f.codeAt(words, at) !== code) return false
  if (userData32 !== 0 && words[at + f.USER_DATA_32] !== userData32) return false
  if (userData64 !== 0n && getU64(rows, at + f.USER_DATA_64) !== userData64) return false
  if (userData128 === 0n) return true
  setU128(wanted, 0, userData128)
  return same128(words, at + f.USER_DATA_128, wanted.words, 0)
}

/** Tells whether a transfer is on a side of the account that was asked for. */
function sidesOf(account: AccountRow, flags: number): (row: { words: Uint32Array; at: number }) => boolean {
  const { words, at } = account
  const debits = (flags & AccountFilterFlags.debits) !== 0
  const credits = (flags & AccountFilterFlags.credits) !== 0
  return (row) =>
    (debits && same128(row.words, row.at + f.DEBIT_ACCOUNT_ID, words, at)) ||
    (credits && same128(row.words, row.at + f.CREDIT_ACCOUNT_ID, words, at))
}

function balancesAt(rows: Rows, at: number, timestamp: bigint): AccountBalances {
  return {
    debitsPending: getU128(rows, at),
    debitsPosted: getU128(rows, at + 4),
    creditsPending: getU128(rows, at + 8),
    creditsPosted: getU128(rows, at + 12),
    timestamp,
  }
}

function* upTo(count: number, reversed: boolean): Generator<number> {
  for (let n = 0; n < count; n++) yield reversed ? count - 1 - n : n
}
