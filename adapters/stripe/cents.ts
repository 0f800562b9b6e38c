import { invariant } from '../../gateway/errors/invariant.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import { type Money, money } from '../../gateway/money/money.ts'

/** Units of a currency here in one cent, of which Stripe counts. */
const UNITS = 10_000n

/** True for an amount that Stripe can move: whole cents, at least one. */
export function isWholeCents({ units }: Money): boolean {
  return units > 0n && units % UNITS === 0n
}

/** Cents as Stripe's requests have them. The amount is whole cents, and less than any account holds. */
export function toCents({ units }: Money): number {
  invariant(units % UNITS === 0n, 'an amount for Stripe is whole cents')
  return Number(units / UNITS) // not money: Stripe's own number, of whole cents below 2^53
}

export function fromCents(cents: number, asset: Asset): Money {
  return money(asset, BigInt(cents) * UNITS)
}
