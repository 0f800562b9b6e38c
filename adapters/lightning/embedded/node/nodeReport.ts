import { type ChannelDetails, Option_u64Z_Some } from 'lightningdevkit'
import type { LightningAttempt, LightningChannel, LightningReport, OwnProcess } from '../../../../gateway/ports/lightningNode.ts'
import { channelIdOf } from '../coins/closeChannel.ts'
import { unresolvedClosings } from '../coins/closings.ts'
import { channelValueMsat } from '../coins/nodeBalance.ts'
import { leavingSats, walletSats } from '../coins/walletCoins.ts'
import { NETWORK } from '../ldk/httpChain.ts'
import { HTLC_SLOTS } from '../ldk/nodeConfig.ts'
import { pendingAttempts, pendingBelow } from '../payments/attempts.ts'
import { DUST_BELOW_MSAT } from '../payments/dustExposure.ts'
import type { LightningNode } from './lightningNode.ts'

const MSAT_PER_SAT = 1_000n
/** The engine inside `lightningdevkit` 0.1.0. */
const NAME = 'LDK 0.1'

/** As the worker knows it; what became of the workers before it is the parent's to say. */
export type NodeReport = Omit<LightningReport, 'ownProcess'> & Readonly<{ ownProcess: Omit<OwnProcess, 'recycles' | 'restarts'> }>

/** The node for its operator. `carried`: payment ids that LDK still knows; an attempt without an outcome that it does not know never ends by itself. */
export function nodeReport(node: LightningNode, carried: ReadonlySet<string>): NodeReport {
  const { nodeId, manager, peers, store } = node
  return {
    backend: 'embedded',
    nodeId,
    name: NAME,
    network: NETWORK,
    height: manager.current_best_block().get_height(),
    // It is fed block by block and answers nothing before it has caught up.
    synced: true,
    peers: peers.list_peers().length,
    backup: undefined,
    channels: manager.list_channels().map(channelReport),
    onChain: { confirmedMsat: walletSats(store) * MSAT_PER_SAT, pendingMsat: -leavingSats(store) * MSAT_PER_SAT },
    ownProcess: {
      memoryBytes: process.memoryUsage().external,
      dustMsat: pendingBelow(store, DUST_BELOW_MSAT),
      dustMsatMax: node.dustExposureMsatMax,
      closings: unresolvedClosings(store),
      walletAddress: node.parts.wallet.address,
    },
    underWay: pendingAttempts(store).map(({ id, paymentHash, paymentId, createdAt }): LightningAttempt => {
      return { id, paymentHash, since: createdAt, stuck: !carried.has(paymentId) }
    }),
  }
}

function channelReport(channel: ChannelDetails): LightningChannel {
  const totalMsat = channel.get_channel_value_satoshis() * MSAT_PER_SAT
  const outgoing = channel.get_pending_outbound_htlcs()
  const incoming = channel.get_pending_inbound_htlcs()
  const sum = (htlcs: readonly { get_amount_msat(): bigint }[]) => htlcs.reduce((total, htlc) => total + htlc.get_amount_msat(), 0n)
  const [leaving, coming] = [sum(outgoing), sum(incoming)]
  const ourReserve = channel.get_unspendable_punishment_reserve()
  const localMsat = channelValueMsat(channel) - leaving
  return {
    id: channelIdOf(channel),
    peer: Buffer.from(channel.get_counterparty().get_node_id()).toString('hex'),
    // LDK's bindings answer booleans as 0 and 1.
    usable: !!channel.get_is_usable(),
    weFunded: !!channel.get_is_outbound(),
    announced: !!channel.get_is_announced(),
    localMsat,
    remoteMsat: totalMsat - localMsat - leaving - coming,
    unsettledMsat: leaving + coming,
    reserveMsat: ourReserve instanceof Option_u64Z_Some ? ourReserve.some * MSAT_PER_SAT : 0n,
    remoteReserveMsat: channel.get_counterparty().get_unspendable_punishment_reserve() * MSAT_PER_SAT,
    slotsUsed: outgoing.length + incoming.length,
    slotsMax: HTLC_SLOTS,
  }
}
