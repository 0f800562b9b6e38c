import type { ChannelManager } from 'lightningdevkit'
import { blockHash, catchUp, confirmNode, type Follower, unconfirmNode } from './chainFeed.ts'
import type { ChainSource } from './chainSource.ts'
import { freshManager } from './channelManager.ts'
import { forgetBlocksAbove, knownHash, rememberBlock } from './knownBlocks.ts'
import type { NodeParts } from './nodeParts.ts'
import type { NodeStore } from './nodeStore.ts'
import type { Pump } from './pump.ts'
import { confirmSweeps, unconfirmSweeps } from './sweeps.ts'
import { confirmWithdrawals, unconfirmWithdrawals } from './withdrawals.ts'

/** A new node remembers the block it was born at: a chain without it is another one. */
export async function bornManager(parts: NodeParts, store: NodeStore, chain: ChainSource, nowMs: number): Promise<ChannelManager> {
  const { tip } = await chain.blocksAfter(Number.MAX_SAFE_INTEGER)
  rememberBlock(store, tip.height, tip.hash)
  return freshManager(parts, tip, nowMs)
}

/** How a running node takes the blocks mined, and replaced, since the last call. Overlapping calls share one; `onBlock` is told of each step. */
export function chainSync(
  { manager, parts, store, onBlock }: { manager: ChannelManager; parts: NodeParts; store: NodeStore; onBlock: () => void },
  chain: ChainSource,
  pump: Pump,
): () => Promise<void> {
  let running: Promise<void> | undefined
  const follower: Follower = {
    known: (height) => knownHash(store, height),
    disconnect: (to) => {
      unconfirmNode(manager, parts.chainMonitor, to)
      unconfirmSweeps(store, to.height)
      unconfirmWithdrawals(store, to.height)
      forgetBlocksAbove(store, to.height)
      onBlock()
    },
    connect: (block) => {
      confirmNode(manager, parts.chainMonitor, block)
      confirmSweeps(store, block)
      confirmWithdrawals(store, block)
      rememberBlock(store, block.height, blockHash(block.header))
      onBlock()
    },
  }
  const sync = async () => {
    if ((await catchUp(chain, manager.current_best_block(), follower)) > 0) await pump.committed()
  }
  return () => {
    running ??= sync().finally(() => {
      running = undefined
    })
    return running
  }
}
