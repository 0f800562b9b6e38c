import {
  BestBlock,
  ChainParameters,
  ChannelManager,
  type ChannelMonitor,
  ChannelMonitorUpdate,
  Network,
  Result_C2Tuple_ThirtyTwoBytesChannelManagerZDecodeErrorZ_OK,
  Result_C2Tuple_ThirtyTwoBytesChannelMonitorZDecodeErrorZ_OK,
  Result_ChannelMonitorUpdateDecodeErrorZ_OK,
  Result_ChannelMonitorUpdateStatusNoneZ_OK,
  UtilMethods,
} from 'lightningdevkit'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import { catchUp, confirmMonitor, unconfirmMonitor } from './chainFeed.ts'
import type { ChainSource, ChainTip } from './chainSource.ts'
import { knownHash } from './knownBlocks.ts'
import { nodeConfig } from './nodeConfig.ts'
import type { NodeParts } from './nodeParts.ts'
import type { NodeStore } from './nodeStore.ts'

/** Writes the ChannelManager into the open transaction; the same commit must hold the monitors it refers to. */
export function saveManager(store: NodeStore, manager: ChannelManager): void {
  store.write(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    'manager',
    manager.write(),
  )
}

/** A ChannelManager that has never had a channel, starting at the chain's tip. */
export function freshManager(parts: NodeParts, tip: ChainTip, nowMs: number): ChannelManager {
  const start = ChainParameters.constructor_new(Network.LDKNetwork_Regtest, BestBlock.constructor_new(tip.hash, tip.height))
  return ChannelManager.constructor_new(
    parts.fees,
    parts.chainMonitor.as_Watch(),
    parts.broadcaster,
    parts.router,
    parts.messageRouter,
    parts.logger,
    parts.entropy,
    parts.nodeSigner,
    parts.signerProvider,
    nodeConfig(),
    start,
    Math.trunc(nowMs / 1000),
  )
}

/**
 * The ChannelManager as it was at the last commit. Monitors come first (a full copy, then its updates in order), then the manager that refers
 * to them; each monitor sees the blocks it missed before it is watched, because they may have stopped at different heights.
 */
export async function restoredManager(parts: NodeParts, store: NodeStore, bytes: Uint8Array, chain: ChainSource): Promise<ChannelManager> {
  const monitors = storedMonitors(parts, store)
  const read = UtilMethods.constructor_C2Tuple_ThirtyTwoBytesChannelManagerZ_read(
    bytes,
    parts.entropy,
    parts.nodeSigner,
    parts.signerProvider,
    parts.fees,
    parts.chainMonitor.as_Watch(),
    parts.broadcaster,
    parts.router,
    parts.messageRouter,
    parts.logger,
    nodeConfig(),
    monitors,
  )
  invariant(read instanceof Result_C2Tuple_ThirtyTwoBytesChannelManagerZDecodeErrorZ_OK, 'the stored ChannelManager can be read')
  for (const monitor of monitors) {
    await catchUp(chain, monitor.current_best_block(), {
      known: (height) => knownHash(store, height),
      disconnect: (to) => unconfirmMonitor(monitor, to, parts),
      connect: (block) => confirmMonitor(monitor, block, parts),
    })
    const watched = parts.chainMonitor.as_Watch().watch_channel(monitor.get_funding_txo().get_a(), monitor)
    invariant(watched instanceof Result_ChannelMonitorUpdateStatusNoneZ_OK, 'a restored channel is watched')
  }
  return read.res.get_b()
}

function storedMonitors(parts: NodeParts, store: NodeStore): ChannelMonitor[] {
  const rows = store.statement('SELECT channel, data FROM monitors WHERE archived = 0 ORDER BY channel').all()
  const updatesOf = store.statement('SELECT data FROM monitor_updates WHERE channel = ? ORDER BY seq')
  return rows.map(({ channel, data }) => {
    invariant(typeof channel === 'string' && data instanceof Uint8Array, 'a monitor row has a name and bytes')
    const read = UtilMethods.constructor_C2Tuple_ThirtyTwoBytesChannelMonitorZ_read(data, parts.entropy, parts.signerProvider)
    invariant(read instanceof Result_C2Tuple_ThirtyTwoBytesChannelMonitorZDecodeErrorZ_OK, `the monitor of channel ${channel} can be read`)
    const monitor = read.res.get_b()
    for (const row of updatesOf.all(channel)) {
      invariant(row.data instanceof Uint8Array, 'a monitor update is bytes')
      const update = ChannelMonitorUpdate.constructor_read(row.data)
      invariant(update instanceof Result_ChannelMonitorUpdateDecodeErrorZ_OK, `an update of channel ${channel} can be read`)
      const applied = monitor.update_monitor(update.res, parts.broadcaster, parts.fees, parts.logger)
      invariant(applied.is_ok(), `an update of channel ${channel} applies to its monitor`)
    }
    return monitor
  })
}
