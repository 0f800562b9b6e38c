import type { ClosedChannel, ClosingSight } from './closedChannels.ts'

/** A closing that would have cost more, in msat, is not believed: what LND told of it does not fit together, and a person must look. */
const COST_MSAT_MAX = 50_000_000n

/**
 * What of our balance a closing left on chain, in msat: the fee and the anchors of its transaction, which who opened the channel pays, and HTLCs too small
 * for an output. What was ours is known from the time when the channel was closing: LND keeps no word of it afterwards. 0 where nobody looked then.
 */
export function closingCost(closed: ClosedChannel, seen: ClosingSight | undefined): bigint {
  if (!seen) return 0n
  const oursMsat = closed.weOpened ? closed.capacityMsat - seen.remoteMsat - closed.htlcMsat : seen.localMsat
  const costMsat = oursMsat - closed.balanceMsat
  return costMsat > 0n && costMsat <= COST_MSAT_MAX ? costMsat : 0n
}
