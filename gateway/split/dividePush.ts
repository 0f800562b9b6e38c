import { allocate } from '../money/allocate.ts'

/**
 * Divides one payment at once and exactly, by largest remainder: for rails that credit payees' balances directly. Not for pots: a sum of
 * such divisions is not the division of the sum.
 */
export function dividePush(value: bigint, shares: readonly bigint[]): readonly bigint[] {
  return allocate(value, shares)
}
