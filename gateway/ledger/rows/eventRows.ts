import { invariant } from '../../errors/invariant.ts'
import type { AccountInit, TransferInit } from '../../ports/ledger.ts'
import * as f from './layout.ts'
import { fits, isUint, type Rows, setU64, setU128 } from './words.ts'

/** An account to create. Balances and `reserved` are part of the wire format and must be zero; they are here so that refusing them is tested. */
export type AccountEvent = AccountInit &
  Readonly<{ reserved?: number; debitsPending?: bigint; debitsPosted?: bigint; creditsPending?: bigint; creditsPosted?: bigint }>

/** Writes an account event as a row. Stops on a value that its field can not hold: clients of a real server would silently wrap it. */
export function writeAccountEvent(rows: Rows, at: number, event: AccountEvent): void {
  write128(rows, at + f.ID, event.id)
  write128(rows, at + f.DEBITS_PENDING, event.debitsPending)
  write128(rows, at + f.DEBITS_POSTED, event.debitsPosted)
  write128(rows, at + f.CREDITS_PENDING, event.creditsPending)
  write128(rows, at + f.CREDITS_POSTED, event.creditsPosted)
  write32(rows, at + f.RESERVED, event.reserved)
  writeRest(rows, at, event)
}

/** Writes a transfer event as a row; omitted fields are zero. Stops on a value that its field can not hold. */
export function writeTransferEvent(rows: Rows, at: number, event: TransferInit): void {
  write128(rows, at + f.ID, event.id)
  write128(rows, at + f.DEBIT_ACCOUNT_ID, event.debitAccountId)
  write128(rows, at + f.CREDIT_ACCOUNT_ID, event.creditAccountId)
  write128(rows, at + f.AMOUNT, event.amount)
  write128(rows, at + f.PENDING_ID, event.pendingId)
  write32(rows, at + f.TIMEOUT, event.timeout)
  writeRest(rows, at, event)
}

function writeRest(rows: Rows, at: number, event: AccountInit | TransferInit): void {
  const { code = 0, flags = 0, userData64 = 0n, timestamp = 0n } = event
  write128(rows, at + f.USER_DATA_128, event.userData128)
  write32(rows, at + f.USER_DATA_32, event.userData32)
  write32(rows, at + f.LEDGER, event.ledger)
  invariant(isUint(code, 16) && isUint(flags, 16), 'code and flags are in the range of 16 bits')
  f.setCodeAndFlags(rows.words, at, code, flags)
  invariant(fits(userData64, 64) && fits(timestamp, 64), 'user data and timestamp are in the range of 64 bits')
  setU64(rows, at + f.USER_DATA_64, userData64)
  setU64(rows, at + f.TIMESTAMP, timestamp)
}

function write128(rows: Rows, at: number, value = 0n): void {
  invariant(fits(value, 128), 'an id, amount or balance is in the range of 128 bits')
  setU128(rows, at, value)
}

function write32(rows: Rows, at: number, value = 0): void {
  invariant(isUint(value, 32), 'a ledger, timeout or user data is in the range of 32 bits')
  rows.words[at] = value
}
