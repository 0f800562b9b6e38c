import type { Asset } from '../../money/asset.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import type { X402ChannelOperator } from '../../ports/x402Channels.ts'

type Host = Readonly<{ rail: EvmRailName; asset: Asset }> & X402ChannelOperator

/** The channels of x402 on one chain, by the names that the hub's channels have: what reads and claims channels does so of both. */
export function x402Chain(host: Host) {
  return {
    rail: host.rail,
    asset: host.asset,
    channels: host.x402Channels,
    deposit: host.x402Deposit,
    claim: host.x402Claim,
    refund: host.x402Refund,
    refundNonce: host.x402RefundNonce,
    depositCost: host.x402DepositCost,
    claimCost: host.x402ClaimCost,
    refundCost: host.x402RefundCost,
  }
}

export type X402Chain = ReturnType<typeof x402Chain>
