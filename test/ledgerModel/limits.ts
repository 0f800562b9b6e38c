import { AccountFlags, AMOUNT_MAX, type TransferStatus } from '../../gateway/ports/ledger.ts'
import type { AccountState } from './state.ts'

/** True when the account would then have debited, or reserved to debit, more than was credited to it. Pending credits are not funds. */
export function exceedsCredits(account: AccountState, amount: bigint): boolean {
  if ((account.flags & AccountFlags.debits_must_not_exceed_credits) === 0) return false
  return account.debitsPending + account.debitsPosted + amount > account.creditsPosted
}

/** The mirror of `exceedsCredits`. */
export function exceedsDebits(account: AccountState, amount: bigint): boolean {
  if ((account.flags & AccountFlags.credits_must_not_exceed_debits) === 0) return false
  return account.creditsPending + account.creditsPosted + amount > account.debitsPosted
}

/** Which sum would no longer fit in 128 bits, if any. */
export function overflowStatus(debit: AccountState, credit: AccountState, amount: bigint, pending: boolean): TransferStatus | undefined {
  // When the largest sums fit, so do their parts, none of which is negative.
  const debits = amount + debit.debitsPending + debit.debitsPosted
  const credits = amount + credit.creditsPending + credit.creditsPosted
  if (debits <= AMOUNT_MAX && credits <= AMOUNT_MAX) return undefined
  if (pending && amount + debit.debitsPending > AMOUNT_MAX) return 'overflows_debits_pending'
  if (pending && amount + credit.creditsPending > AMOUNT_MAX) return 'overflows_credits_pending'
  if (amount + debit.debitsPosted > AMOUNT_MAX) return 'overflows_debits_posted'
  if (amount + credit.creditsPosted > AMOUNT_MAX) return 'overflows_credits_posted'
  return debits > AMOUNT_MAX ? 'overflows_debits' : 'overflows_credits'
}

/** The most that a balancing debit can take: what was credited and is neither debited nor reserved; never negative. */
export function availableToDebit(account: AccountState): bigint {
  const available = account.creditsPosted - account.debitsPosted - account.debitsPending
  return available > 0n ? available : 0n
}

/** The most that a balancing credit can take; never negative. */
export function availableToCredit(account: AccountState): bigint {
  const available = account.debitsPosted - account.creditsPosted - account.creditsPending
  return available > 0n ? available : 0n
}
