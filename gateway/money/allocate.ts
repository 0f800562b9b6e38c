import { invariant } from '../errors/invariant.ts'

/**
 * Divides `total` units by integer weights so that the parts sum to `total` exactly: floors first, then one unit each to the largest
 * remainders, ties to the earlier weight. A zero weight gets zero. O(n log n).
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n)
  invariant(total >= 0n && sum > 0n && weights.every((w) => w >= 0n), 'allocate wants a non-negative total and some positive weight')
  const parts = weights.map((w) => (total * w) / sum)
  const left = total - parts.reduce((a, b) => a + b, 0n)
  const byRemainder = weights.map((w, i) => ({ i, remainder: (total * w) % sum }))
  byRemainder.sort((a, b) => (a.remainder === b.remainder ? a.i - b.i : a.remainder > b.remainder ? -1 : 1))
  for (const [rank, { i }] of byRemainder.entries()) {
    if (BigInt(rank) >= left) break
    parts[i] = parts[i]! + 1n
  }
  invariant(parts.reduce((a, b) => a + b, 0n) === total, 'the parts of an allocation sum to its total')
  return parts
}
