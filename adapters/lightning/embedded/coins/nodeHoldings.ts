import type { ChannelManager } from 'lightningdevkit'
import type { NodeParts } from '../ldk/nodeParts.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'
import { lastEventSeq } from '../payments/nodeEvents.ts'
import { carriedOnChain, closingSats, leavingMsat, unresolvedClosings } from './closings.ts'
import { type ChannelBalance, channelBalance } from './nodeBalance.ts'
import { bookedMsat, sumOf } from './placeSums.ts'
import { walletSats } from './walletCoins.ts'

/**
 * All that the node holds for us, in msat, and the event it stands at. `closing`: absent until a channel was closed. `leavingMsat` is of closed
 * channels and still booked at 'node', because a payment in them, one of the `leavingAttempts`, has no end. `chainMsat` is the chain's word; `costMsat` is how
 * much less that is than the books hold at 'closing', while it may still change; `closings` counts channels not paid out. `walletMsat`: absent before the first
 * sweep.
 */
export type NodeHoldings = ChannelBalance &
  Readonly<{
    seq: bigint
    closing:
      | Readonly<{ closings: bigint; leavingMsat: bigint; leavingAttempts: readonly string[]; chainMsat: bigint; costMsat: bigint }>
      | undefined
    walletMsat: bigint | undefined
  }>

export function nodeHoldings(node: Readonly<{ manager: ChannelManager; store: NodeStore; parts: NodeParts }>): NodeHoldings {
  const { manager, store } = node
  const channels = manager.list_channels()
  const everSwept = sumOf(store, 'SELECT count(*) AS n FROM sweeps') > 0n
  return {
    ...channelBalance(channels, store),
    seq: lastEventSeq(store),
    closing: sumOf(store, 'SELECT count(*) AS n FROM closed_channels') > 0n ? closingOf(node) : undefined,
    walletMsat: everSwept ? walletSats(store) * 1_000n : undefined,
  }
}

function closingOf(node: Readonly<{ manager: ChannelManager; store: NodeStore; parts: NodeParts }>): NonNullable<NodeHoldings['closing']> {
  const closings = unresolvedClosings(node.store)
  const chainMsat = closingSats(node) * 1_000n
  if (closings === 0n) return { closings, leavingMsat: 0n, leavingAttempts: [], chainMsat, costMsat: 0n }
  const channels = node.manager.list_channels()
  const leaving = leavingMsat(node.store, channels)
  const leavingAttempts = carriedOnChain(node.store, channels)
  const costMsat = bookedMsat(node.store, 'closing') + leaving - chainMsat
  return { closings, leavingMsat: leaving, leavingAttempts, chainMsat, costMsat: costMsat > 0n ? costMsat : 0n }
}
