import { AccountFlags, type TransferStatus } from '../../ports/ledger.ts'
import type { AccountRow } from '../rows/accountTable.ts'
import { CREDITS_PENDING, CREDITS_POSTED, DEBITS_PENDING, DEBITS_POSTED, flagsAt } from '../rows/layout.ts'
import { addToSum, beginSum, compareWords, copyWords, SUM_WORDS, subtract128, sumExceeds, sumOverflows } from '../rows/words.ts'

const sum = new Uint32Array(SUM_WORDS)

/** True when the account would then have debited, or reserved to debit, more than was credited to it. Pending credits are not funds. */
export function exceedsCredits({ words, at }: AccountRow, amount: Uint32Array, i: number): boolean {
  if ((flagsAt(words, at) & AccountFlags.debits_must_not_exceed_credits) === 0) return false
  sumOf(words, at + DEBITS_PENDING, at + DEBITS_POSTED, amount, i)
  return sumExceeds(sum, words, at + CREDITS_POSTED)
}

/** The mirror of `exceedsCredits`. */
export function exceedsDebits({ words, at }: AccountRow, amount: Uint32Array, i: number): boolean {
  if ((flagsAt(words, at) & AccountFlags.credits_must_not_exceed_debits) === 0) return false
  sumOf(words, at + CREDITS_PENDING, at + CREDITS_POSTED, amount, i)
  return sumExceeds(sum, words, at + DEBITS_POSTED)
}

/** Which account is closed, the debit one first. */
export function closedStatus(debit: AccountRow, credit: AccountRow): TransferStatus | undefined {
  if ((flagsAt(debit.words, debit.at) & AccountFlags.closed) !== 0) return 'debit_account_already_closed'
  if ((flagsAt(credit.words, credit.at) & AccountFlags.closed) !== 0) return 'credit_account_already_closed'
  return undefined
}

/** Which sum would no longer fit in 128 bits, if any. */
export function overflowStatus(
  debit: AccountRow,
  credit: AccountRow,
  amount: Uint32Array,
  i: number,
  pending: boolean,
): TransferStatus | undefined {
  if (areSmall(debit, credit, amount, i)) return undefined
  // When the largest sums fit, so do their parts, none of which is negative.
  const debits = overflows(debit.words, debit.at + DEBITS_PENDING, debit.at + DEBITS_POSTED, amount, i)
  const credits = overflows(credit.words, credit.at + CREDITS_PENDING, credit.at + CREDITS_POSTED, amount, i)
  if (!debits && !credits) return undefined
  if (pending && overflowsOne(debit.words, debit.at + DEBITS_PENDING, amount, i)) return 'overflows_debits_pending'
  if (pending && overflowsOne(credit.words, credit.at + CREDITS_PENDING, amount, i)) return 'overflows_credits_pending'
  if (overflowsOne(debit.words, debit.at + DEBITS_POSTED, amount, i)) return 'overflows_debits_posted'
  if (overflowsOne(credit.words, credit.at + CREDITS_POSTED, amount, i)) return 'overflows_credits_posted'
  return debits ? 'overflows_debits' : 'overflows_credits'
}

/** Lowers an amount to what a balancing debit can take: what was credited and is neither debited nor reserved; never below zero. */
export function clampToDebit({ words, at }: AccountRow, amount: Uint32Array, i: number): void {
  clamp(words, at + CREDITS_POSTED, at + DEBITS_POSTED, at + DEBITS_PENDING, amount, i)
}

/** Lowers an amount to what a balancing credit can take. */
export function clampToCredit({ words, at }: AccountRow, amount: Uint32Array, i: number): void {
  clamp(words, at + DEBITS_POSTED, at + CREDITS_POSTED, at + CREDITS_PENDING, amount, i)
}

const available = new Uint32Array(4)

function clamp(words: Uint32Array, funds: number, used: number, reserved: number, amount: Uint32Array, i: number): void {
  beginSum(sum, words, used)
  addToSum(sum, words, reserved)
  if (sumExceeds(sum, words, funds)) available.fill(0)
  else {
    copyWords(available, 0, words, funds, 4)
    subtract128(available, 0, sum, 0)
  }
  if (compareWords(available, 0, amount, i, 4) < 0) copyWords(amount, i, available, 0, 4)
}

function sumOf(words: Uint32Array, a: number, b: number, amount: Uint32Array, i: number): void {
  beginSum(sum, words, a)
  addToSum(sum, words, b)
  addToSum(sum, amount, i)
}

/** True when the amount and all balances are below 2^126: then the sum of any three of them fits in 128 bits. */
function areSmall(debit: AccountRow, credit: AccountRow, amount: Uint32Array, i: number): boolean {
  return (amount[i + 3]! | highBits(debit) | highBits(credit)) >>> 30 === 0
}

/** The highest words of an account's balances, or-ed. */
function highBits({ words, at }: AccountRow): number {
  return (
    words[at + DEBITS_PENDING + 3]! | words[at + DEBITS_POSTED + 3]! | words[at + CREDITS_PENDING + 3]! | words[at + CREDITS_POSTED + 3]!
  )
}

function overflows(words: Uint32Array, a: number, b: number, amount: Uint32Array, i: number): boolean {
  sumOf(words, a, b, amount, i)
  return sumOverflows(sum)
}

function overflowsOne(words: Uint32Array, a: number, amount: Uint32Array, i: number): boolean {
  beginSum(sum, words, a)
  addToSum(sum, amount, i)
  return sumOverflows(sum)
}
