import type { NodeStore } from '../ldk/nodeStore.ts'
import { pendingBelow } from './attempts.ts'

/**
 * An HTLC of less than this has no output of its own in a commitment (BOLT 3: the dust limit of 354 satoshi and, at the lowest fee rate, 167 for the
 * HTLC transaction). When the channel is closed by force while it is under way, it goes to the miner.
 */
export const DUST_BELOW_MSAT = 546_000n

/** All that may be under way to our peer in such HTLCs, unless configured: what one force close could cost. */
export const DUST_EXPOSURE_MSAT_MAX = 25_000_000n

/** Why this amount may not leave now, or undefined. */
export function dustRefusal(store: NodeStore, amountMsat: bigint, maxMsat: bigint): string | undefined {
  if (amountMsat >= DUST_BELOW_MSAT) return undefined
  const underWayMsat = pendingBelow(store, DUST_BELOW_MSAT)
  if (underWayMsat + amountMsat <= maxMsat) return undefined
  return `${underWayMsat} msat are under way in payments too small for an output of their own, ${maxMsat} msat is the limit: a force close would lose them`
}
