import { invariant } from '../errors/invariant.ts'
import { mulDiv } from '../money/money.ts'

/**
 * Divides one payment at once as a push on chain does: payee i gets floor(value * C(i) / total) - floor(value * C(i-1) / total), where C(i) sums
 * the shares up to and with i. Sums to `value` exactly and nobody is a unit or more from the exact share. Not for pots: an amount can fall by a
 * unit when `value` grows, so what was paid before may never be subtracted from it.
 */
export function divideByPrefix(value: bigint, shares: readonly bigint[]): readonly bigint[] {
  const total = shares.reduce((a, b) => a + b, 0n)
  invariant(
    value >= 0n && total > 0n && shares.every((own) => own >= 0n),
    'a push divides a non-negative value by shares that sum above zero',
  )
  let sharesSoFar = 0n
  let paidSoFar = 0n
  return shares.map((own) => {
    sharesSoFar += own
    const through = mulDiv(value, sharesSoFar, total, 'down')
    const part = through - paidSoFar
    paidSoFar = through
    return part
  })
}
