import { invariant } from '../errors/invariant.ts'
import { max } from '../money/integers.ts'
import { mulDiv } from '../money/money.ts'

/**
 * What a payee has earned of everything its split received so far: floor(received * shares / total), the hub's own formula. It never falls
 * when `received` grows and never promises more than was received; what rounding leaves is dust.
 */
export function entitlement(received: bigint, shares: bigint, total: bigint): bigint {
  return mulDiv(received, shares, total, 'down')
}

/** What a pot can receive in its life: the hub counts it in 128 bits, and so does the ledger. */
export const POT_MAX = 2n ** 128n - 1n

/**
 * What a claim pays an account now: its entitlement less all it was paid before, and nothing when that is more already. An account that stands
 * in a table twice is therefore paid its largest row and not the sum of its rows, which is why such tables are refused here.
 */
export function claimDue(earned: bigint, paidBefore: bigint): bigint {
  return max(earned - paidBefore, 0n)
}

/** What rounding leaves of `received` in the pot: 0 to n - 1 units for n payees, whatever the number of payments. */
export function dustOf(received: bigint, shares: readonly bigint[]): bigint {
  const total = shares.reduce((a, b) => a + b, 0n)
  const dust = shares.reduce((left, own) => left - entitlement(received, own, total), received)
  invariant(dust >= 0n && dust < BigInt(shares.length), 'dust is fewer units than there are payees')
  return dust
}
