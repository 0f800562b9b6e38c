import { utf8ToBytes } from '@noble/hashes/utils.js'
import { GroundError } from '../errors/groundError.ts'
import type { Hex } from '../ports/ids.ts'
import { isAddress } from './hashing.ts'

/** One payee: the account that may claim, and how many of the table's shares are its own. */
export type Payee = Readonly<{ account: Hex; shares: bigint }>

/** Who is owed how much of what a split receives. The order is part of the table. `metadata` is any text that the split's id commits to. */
export type SplitTable = Readonly<{ payees: readonly Payee[]; metadata?: string }>

/** Dividing a payment books a leg a payee and one for dust in one entry, and an entry has at most 250 legs. The contracts take more payees. */
export const PAYEES_MAX = 200
/** Far below the hub's 2^128 - 1, and room for any share a table needs. */
export const TOTAL_SHARES_MAX = 2n ** 96n
export const METADATA_BYTES_MAX = 4096

const ZERO_ADDRESS = `0x${'0'.repeat(40)}`

/** The sum of a table's shares. */
export function totalSharesOf(payees: readonly Payee[]): bigint {
  return payees.reduce((sum, payee) => sum + payee.shares, 0n)
}

/** Refuses, with `invalid_split` and the payee's place (from 1), a table that could not be committed to or would lose money. */
export function checkSplitTable(table: SplitTable): void {
  const { payees, metadata } = table
  if (payees.length === 0) refuse('a split needs at least one payee', {})
  if (payees.length > PAYEES_MAX)
    refuse(`${payees.length} payees are more than the ${PAYEES_MAX} a split may have`, { payees: payees.length })
  const seen = new Map<string, number>()
  for (const [index, payee] of payees.entries()) {
    checkPayee(payee, index + 1)
    const account = payee.account.toLowerCase()
    const first = seen.get(account)
    // The hub counts what it paid by account, so a second row of the same account would never be paid in full.
    if (first !== undefined)
      refuse(`payee ${index + 1} (${payee.account}) is the same account as payee ${first}`, { payee: index + 1, first })
    seen.set(account, index + 1)
  }
  const total = totalSharesOf(payees)
  if (total > TOTAL_SHARES_MAX) refuse(`the shares sum to ${total}, which is over 2^96`, { total: total.toString() })
  if (metadata !== undefined && utf8ToBytes(metadata).length > METADATA_BYTES_MAX) {
    refuse(`the metadata is over ${METADATA_BYTES_MAX} bytes`, { maxBytes: METADATA_BYTES_MAX })
  }
}

function checkPayee(payee: Payee, place: number): void {
  const account: string = payee.account
  if (!isAddress(account)) {
    refuse(`payee ${place} (${account.slice(0, 60)}) is not an EVM address, or its checksum is wrong`, { payee: place })
  }
  if (account === ZERO_ADDRESS) refuse(`payee ${place} is the zero address, which can not be paid`, { payee: place })
  if (payee.shares <= 0n) refuse(`payee ${place} (${payee.account}) has ${payee.shares} shares; at least 1 is needed`, { payee: place })
}

function refuse(message: string, meta: Readonly<Record<string, unknown>>): never {
  throw new GroundError('invalid_split', message, { meta })
}
