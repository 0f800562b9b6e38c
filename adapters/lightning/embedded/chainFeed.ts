import { createHash } from 'node:crypto'
import { type BestBlock, type ChainMonitor, type ChannelManager, type ChannelMonitor, TwoTuple_usizeTransactionZ } from 'lightningdevkit'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { ChainBlock, ChainSource } from './chainSource.ts'
import type { NodeParts } from './nodeParts.ts'

/** Rounds of one catch-up; each brings as many blocks as the source gives at once. The next poll goes on. */
const ROUNDS_MAX = 1_000

/**
 * Applies every block above `best`, in order, and refuses a chain that does not continue it: on regtest that is another chain, not a
 * reorganisation. Each block is awaited from the source and applied at once, so a caller may commit in between.
 */
export async function catchUp(chain: ChainSource, best: BestBlock, apply: (block: ChainBlock) => void): Promise<number> {
  let height = best.get_height()
  let hash: Uint8Array = best.get_block_hash()
  let applied = 0
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { tip, blocks } = await chain.blocksAfter(height)
    if (tip.height < height || (tip.height === height && !sameBytes(tip.hash, hash))) throw otherChain(height)
    if (blocks.length === 0) break
    for (const block of blocks) {
      if (block.height !== height + 1 || !sameBytes(block.header.subarray(4, 36), hash)) throw otherChain(height)
      apply(block)
      height = block.height
      hash = blockHash(block.header)
      applied++
    }
  }
  return applied
}

/** Tells a running node of one block: its transactions first, then that it is the best. */
export function confirmNode(manager: ChannelManager, chainMonitor: ChainMonitor, block: ChainBlock): void {
  for (const listener of [manager.as_Confirm(), chainMonitor.as_Confirm()]) {
    listener.transactions_confirmed(block.header, txData(block), block.height)
    listener.best_block_updated(block.header, block.height)
  }
}

/** Tells one monitor, not yet watched, of a block it missed while the node was down. */
export function confirmMonitor(monitor: ChannelMonitor, block: ChainBlock, parts: NodeParts): void {
  monitor.transactions_confirmed(block.header, txData(block), block.height, parts.broadcaster, parts.fees, parts.logger)
  monitor.best_block_updated(block.header, block.height, parts.broadcaster, parts.fees, parts.logger)
}

/** The double SHA-256 of an 80-byte header, in internal byte order. */
export function blockHash(header: Uint8Array): Uint8Array {
  return createHash('sha256').update(createHash('sha256').update(header).digest()).digest()
}

function txData(block: ChainBlock): TwoTuple_usizeTransactionZ[] {
  return block.txs.map((tx, index) => TwoTuple_usizeTransactionZ.constructor_new(index, tx))
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function otherChain(height: number): GatewayError {
  return new GatewayError(
    'unsafe_configuration',
    `The chain does not continue the one this Lightning node has seen up to block ${height}`,
    {
      hint: 'The data folder belongs to another regtest chain: use the folder of this world, or a new one.',
    },
  )
}
