import { exceedsCredits, exceedsDebits } from './limits.ts'
import type { LedgerState } from './state.ts'

/** Debits and credits of one ledger, summed over its accounts. */
export type LedgerSum = { ledger: number; debitsPosted: bigint; creditsPosted: bigint; debitsPending: bigint; creditsPending: bigint }

/** Sums each ledger, in ledger order. */
export function sumLedgers(state: LedgerState): LedgerSum[] {
  const sums = new Map<number, LedgerSum>()
  for (const account of state.accounts.values()) {
    const sum = sums.get(account.ledger) ?? {
      ledger: account.ledger,
      debitsPosted: 0n,
      creditsPosted: 0n,
      debitsPending: 0n,
      creditsPending: 0n,
    }
    sum.debitsPosted += account.debitsPosted
    sum.creditsPosted += account.creditsPosted
    sum.debitsPending += account.debitsPending
    sum.creditsPending += account.creditsPending
    sums.set(account.ledger, sum)
  }
  return [...sums.values()].sort((a, b) => a.ledger - b.ledger)
}

/** What is wrong with the ledger as a whole, one sentence each: sums that differ, balances below zero, limits that are broken. Empty when sound. */
export function checkLedger(state: LedgerState): string[] {
  const wrong: string[] = []
  for (const sum of sumLedgers(state)) {
    if (sum.debitsPosted !== sum.creditsPosted)
      wrong.push(`ledger ${sum.ledger}: posted ${sum.debitsPosted} debits, ${sum.creditsPosted} credits`)
    if (sum.debitsPending !== sum.creditsPending)
      wrong.push(`ledger ${sum.ledger}: pending ${sum.debitsPending} debits, ${sum.creditsPending} credits`)
  }
  for (const account of state.accounts.values()) {
    const parts = [account.debitsPending, account.debitsPosted, account.creditsPending, account.creditsPosted]
    if (parts.some((units) => units < 0n)) wrong.push(`account ${account.id}: a balance is negative`)
    if (exceedsCredits(account, 0n)) wrong.push(`account ${account.id}: debits exceed credits`)
    if (exceedsDebits(account, 0n)) wrong.push(`account ${account.id}: credits exceed debits`)
  }
  return wrong
}
