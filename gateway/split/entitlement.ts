import { invariant } from '../errors/invariant.ts'
import { mulDiv } from '../money/money.ts'

/**
 * What a payee has earned of everything its split received so far: floor(received * shares / total), the hub's own formula. It never falls
 * when `received` grows and never promises more than was received; what rounding leaves is dust.
 */
export function entitlement(received: bigint, shares: bigint, total: bigint): bigint {
  return mulDiv(received, shares, total, 'down')
}

/** What rounding leaves of `received` in the pot: 0 to n - 1 units for n payees, whatever the number of payments. */
export function dustOf(received: bigint, shares: readonly bigint[]): bigint {
  const total = shares.reduce((a, b) => a + b, 0n)
  const dust = shares.reduce((left, own) => left - entitlement(received, own, total), received)
  invariant(dust >= 0n && dust < BigInt(shares.length), 'dust is fewer units than there are payees')
  return dust
}
