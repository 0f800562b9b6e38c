import { type ChannelDetails, type ChannelManager, Result_NoneAPIErrorZ_OK } from 'lightningdevkit'
import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'
import { wasClosed } from './closings.ts'

/**
 * Closes a channel, together with the peer or, with `force`, by our own last commitment: then our side is locked for the channel's delay. Together
 * it ends once its payments have. On its way only after the pump's next commit. Throws `not_found`, and `rail_unavailable` when the peer must agree and is not
 * there.
 */
export function closeChannel(
  { manager, store }: { manager: ChannelManager; store: NodeStore },
  wanted: { channelId: string; force: boolean },
): void {
  const channel = manager.list_channels().find((listed) => channelIdOf(listed) === wanted.channelId)
  // Asked again after it was done: there is nothing left to do.
  if (!channel && wasClosed(store, wanted.channelId)) return
  if (!channel) throw new GatewayError('not_found', `The node has no open channel ${wanted.channelId.slice(0, 64)}`)
  const peer = channel.get_counterparty().get_node_id()
  const id = channel.get_channel_id()
  const closed = wanted.force
    ? manager.force_close_broadcasting_latest_txn(id, peer, 'closed by its operator')
    : manager.close_channel(id, peer)
  if (closed instanceof Result_NoneAPIErrorZ_OK) return
  throw new GatewayError('rail_unavailable', 'The node can not close this channel now', {
    hint: 'To close it together the peer must be connected and not closing it already; by force it always can be.',
  })
}

/** 32 bytes in hex, as the node's status names it. */
export function channelIdOf(channel: ChannelDetails): string {
  return Buffer.from(channel.get_channel_id().write()).toString('hex')
}
