import type { ChannelManager } from 'lightningdevkit'
import { confirmSweeps, unconfirmSweeps } from '../coins/sweeps.ts'
import { confirmWithdrawals, unconfirmWithdrawals } from '../coins/withdrawals.ts'
import { blockHash, catchUp, confirmNode, type Follower, unconfirmNode } from '../ldk/chainFeed.ts'
import type { ChainSource } from '../ldk/chainSource.ts'
import { freshManager } from '../ldk/channelManager.ts'
import { forgetBlocksAbove, knownHash, rememberBlock } from '../ldk/knownBlocks.ts'
import type { NodeParts } from '../ldk/nodeParts.ts'
import type { NodeStore } from '../ldk/nodeStore.ts'
import type { Pump } from '../ldk/pump.ts'

/** A new node remembers the block it was born at: a chain without it is another one. */
export async function bornManager(parts: NodeParts, store: NodeStore, chain: ChainSource, nowMs: number): Promise<ChannelManager> {
  const { tip } = await chain.blocksAfter(Number.MAX_SAFE_INTEGER)
  rememberBlock(store, tip.height, tip.hash)
  return freshManager(parts, tip, nowMs)
}

/**
 * How a running node takes the blocks mined, and replaced, until the call: what is mined after the last question of a look that runs is in another
 * look, which the call waits for. `onBlock` is told of each step.
 */
export function chainSync(
  { manager, parts, store, onBlock }: { manager: ChannelManager; parts: NodeParts; store: NodeStore; onBlock: () => void },
  chain: ChainSource,
  pump: Pump,
): () => Promise<void> {
  let running: Promise<void> | undefined
  let askedAgain = false
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
  const look = async () => {
    try {
      do {
        askedAgain = false
        if ((await catchUp(chain, manager.current_best_block(), follower)) > 0) await pump.committed()
      } while (askedAgain)
    } finally {
      running = undefined
    }
  }
  return () => {
    askedAgain = true
    running ??= look()
    return running
  }
}
