import type { Account } from '../../ports/ledger.ts'
import { type AccountRow, accountAt, readAccount } from '../rows/accountTable.ts'
import type { LedgerState } from '../rows/state.ts'
import { exceedsCredits, exceedsDebits } from './limits.ts'

/** Debits and credits of one ledger, summed over its accounts. */
export type LedgerSum = { ledger: number; debitsPosted: bigint; creditsPosted: bigint; debitsPending: bigint; creditsPending: bigint }

const NOTHING = new Uint32Array(4)

/** Sums each ledger, in ledger order. */
export function sumLedgers(state: LedgerState): LedgerSum[] {
  const sums = new Map<number, LedgerSum>()
  for (const row of accountRows(state)) {
    const account = readAccount(row)
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

/** What is wrong with the ledger as a whole, one sentence each: sums that differ, limits that are broken. Empty when sound. Balances have no sign. */
export function checkLedger(state: LedgerState): string[] {
  const wrong: string[] = []
  for (const sum of sumLedgers(state)) {
    if (sum.debitsPosted !== sum.creditsPosted)
      wrong.push(`ledger ${sum.ledger}: posted ${sum.debitsPosted} debits, ${sum.creditsPosted} credits`)
    if (sum.debitsPending !== sum.creditsPending)
      wrong.push(`ledger ${sum.ledger}: pending ${sum.debitsPending} debits, ${sum.creditsPending} credits`)
  }
  for (const row of accountRows(state)) {
    if (exceedsCredits(row, NOTHING, 0)) wrong.push(`account ${readAccount(row).id}: debits exceed credits`)
    if (exceedsDebits(row, NOTHING, 0)) wrong.push(`account ${readAccount(row).id}: credits exceed debits`)
  }
  return wrong
}

function* accountRows({ accounts }: LedgerState): Generator<AccountRow> {
  for (let place = 0; place < accounts.count; place++) yield accountAt(accounts, place)
}

/** All accounts, in the order of their creation. */
export function* allAccounts(state: LedgerState): Generator<Account> {
  for (const row of accountRows(state)) yield readAccount(row)
}
