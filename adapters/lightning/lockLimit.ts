/** Amounts below, in msat, and for how many blocks a payment of so little may be locked at most: three days, a week, two weeks. */
const LIMITS = [
  { belowMsat: 10_000_000n, blocks: 432 },
  { belowMsat: 1_000_000_000n, blocks: 1_008 },
] as const
/** LND's own limit, for what is larger. */
const BLOCKS_MAX = 2_016

/**
 * For how many blocks a payment may be locked when nobody ends it, its route and its payee's own wish together. It takes a slot of a channel whatever its
 * amount, so one that is worth little may not hold it for weeks.
 */
export function lockBlocksMax(amountMsat: bigint): number {
  return LIMITS.find(({ belowMsat }) => amountMsat < belowMsat)?.blocks ?? BLOCKS_MAX
}

/** Why a payee that wants so many blocks for the last hop is not paid this amount, or undefined. */
export function refusedLock(finalCltvBlocks: number, amountMsat: bigint): string | undefined {
  const most = lockBlocksMax(amountMsat)
  if (finalCltvBlocks <= most) return undefined
  return `the payee may hold the money for ${finalCltvBlocks} blocks, and ${amountMsat} msat may be locked for at most ${most}`
}
