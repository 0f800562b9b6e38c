import { invariant } from '../errors/invariant.ts'
import { dustOf, entitlement } from './entitlement.ts'

/** What each payee gains, in the order of the shares, and what the dust gains: negative when older dust has become whole units. */
export type CumulativeDivision = Readonly<{ deltas: readonly bigint[]; dust: bigint }>

/**
 * Divides `value` that a hub's pot received after `before`: the growth of each cumulative floor. What the ledger books when a pot grows.
 * `deltas` and `dust` sum to `value` exactly.
 */
export function divideCumulative(before: bigint, value: bigint, shares: readonly bigint[]): CumulativeDivision {
  invariant(before >= 0n && value >= 0n && shares.length > 0, 'a pot grows from a non-negative amount by a non-negative value')
  const after = before + value
  const total = shares.reduce((a, b) => a + b, 0n)
  const deltas = shares.map((own) => entitlement(after, own, total) - entitlement(before, own, total))
  const dust = dustOf(after, shares) - dustOf(before, shares)
  invariant(deltas.every((delta) => delta >= 0n) && deltas.reduce((a, b) => a + b, dust) === value, 'a pot divides exactly')
  return { deltas, dust }
}
