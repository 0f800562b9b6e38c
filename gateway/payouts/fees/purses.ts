import type { Asset } from '../../money/asset.ts'
import type { AccountPath, Leg, LegId } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { FeePolicy } from './policy.ts'

/** For whom a payment is made: the balance it is for, and the withdrawal link or the wallet app that asked for it, when one did. */
export type Behalf = Readonly<{ account: AccountPath; allowance?: string }>

/** A purse of the day, and what it is filled to, in units of USD. */
export type Purse = Readonly<{ path: AccountPath; size: bigint }>

/** Where purses are filled from, and where what was used goes: no money of a rail, but what the operator has set aside. */
export const SET_ASIDE: AccountPath = 'capital:fee-budget'

/** For whom payers are refunded work of this payee that they did not get. */
export function refundsOf(payee: string): Behalf {
  return { account: `refund:${payee}` }
}

/** Payers ask for it by themselves; any other refund is an operator's. */
export function isAskedRefund({ account }: Behalf): boolean {
  return account.startsWith('refund:')
}

/** Who a payment counts for. A party is one, and so are the refunds of a payee; what else money comes out of, such as surplus, is one by its kind. */
export function ownerOf({ account }: Behalf): string {
  return /^(?:party|refund):/.test(account) ? account : account.slice(0, account.indexOf(':'))
}

/**
 * The purses that a payment's fee comes out of: all of them, or none. The first is everybody's; but strangers can have work fail and be refunded, so that
 * refunds have one of their own, and never use up what other payments may cost.
 */
export function pursesOf(behalf: Behalf, policy: FeePolicy): readonly Purse[] {
  const purses = [
    isAskedRefund(behalf) ? { path: 'budget:fees:refunds', size: policy.refundsDayUnits } : { path: 'budget:fees', size: policy.dayUnits },
    { path: `budget:fees:${ownerOf(behalf)}`, size: policy.accountDayUnits },
  ]
  return behalf.allowance === undefined ? purses : [...purses, { path: `budget:fees:${behalf.allowance}`, size: policy.allowanceDayUnits }]
}

/** Takes so much out of each purse until the try has its end; the ledger declines when one of them has less. */
export function takeLegs(purses: readonly Purse[], usd: Asset, units: bigint): Leg[] {
  if (units === 0n) return []
  return purses.map(({ path }) => ({ kind: 'hold', debit: path, credit: SET_ASIDE, asset: usd, units, timeoutS: 0 }))
}

/** Holds on purses: leg `first` of the entry and those behind it. */
export type Taken = Readonly<{ entry: EntryId; first: number; purses: number }>

/** Uses so much of what was taken; the rest goes back into each purse. */
export function useLegs(taken: Taken, usd: Asset, used: bigint): Leg[] {
  return Array.from({ length: taken.purses }, (_, i): Leg => {
    const pending: LegId = { entry: taken.entry, leg: taken.first + i }
    return used > 0n ? { kind: 'post', pending, asset: usd, units: used } : { kind: 'void', pending, asset: usd }
  })
}
