import { createHash } from 'node:crypto'
import {
  type BestBlock,
  type ChainMonitor,
  type ChannelManager,
  type ChannelMonitor,
  type Confirm,
  TwoTuple_usizeTransactionZ,
} from 'lightningdevkit'
import { GatewayError } from '../../../../gateway/errors/gatewayError.ts'
import type { ChainBlock, ChainSource } from './chainSource.ts'
import { REORG_DEPTH_MAX } from './knownBlocks.ts'
import type { NodeParts } from './nodeParts.ts'

/** Rounds of one catch-up; each brings as many blocks as the source gives at once. The next poll goes on. */
const ROUNDS_MAX = 1_000

/** Who follows the chain: `known` is the hash it has seen at a height, `disconnect` takes back everything above a block, `connect` adds one. */
export type Follower = Readonly<{
  known: (height: number) => Uint8Array | undefined
  disconnect: (to: ChainBlock) => void
  connect: (block: ChainBlock) => void
}>

/**
 * Brings a follower from `best` to the tip, block by block in order; blocks that the chain has replaced are taken back first. Refuses a chain
 * that shares none of the last blocks. Each block is awaited from the source and applied at once, so a caller may commit in between. Answers
 * how many steps it took.
 */
export async function catchUp(chain: ChainSource, best: BestBlock, follower: Follower): Promise<number> {
  let height = best.get_height()
  let hash: Uint8Array = best.get_block_hash()
  let steps = 0
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { tip, blocks } = await chain.blocksAfter(height)
    const first = blocks[0]
    const continues = first ? first.height === height + 1 && follows(first, hash) : tip.height === height && sameBytes(tip.hash, hash)
    if (!continues) {
      const fork = await forkBelow(chain, height, follower)
      follower.disconnect(fork)
      height = fork.height
      hash = blockHash(fork.header)
      steps++
      continue
    }
    if (!first) break
    for (const block of blocks) {
      if (block.height !== height + 1 || !follows(block, hash)) throw otherChain(height)
      follower.connect(block)
      height = block.height
      hash = blockHash(block.header)
      steps++
    }
  }
  return steps
}

/** The highest block below `height` that both the chain and the follower know. */
async function forkBelow(chain: ChainSource, height: number, follower: Follower): Promise<ChainBlock> {
  for (let below = height - 1; below >= height - REORG_DEPTH_MAX; below--) {
    const known = follower.known(below)
    if (known === undefined) break
    const [block] = (await chain.blocksAfter(below - 1)).blocks
    if (block && block.height === below && sameBytes(blockHash(block.header), known)) return block
  }
  throw otherChain(height)
}

/** Tells a running node of one block: its transactions first, then that it is the best. */
export function confirmNode(manager: ChannelManager, chainMonitor: ChainMonitor, block: ChainBlock): void {
  for (const listener of [manager.as_Confirm(), chainMonitor.as_Confirm()]) {
    listener.transactions_confirmed(block.header, txData(block), block.height)
    listener.best_block_updated(block.header, block.height)
  }
}

/** Takes back every block above `to`: first the transactions in them, on every listener, then the tip. */
export function unconfirmNode(manager: ChannelManager, chainMonitor: ChainMonitor, to: ChainBlock): void {
  const listeners = [manager.as_Confirm(), chainMonitor.as_Confirm()]
  for (const listener of listeners) {
    for (const txid of txidsAbove(listener, to.height)) listener.transaction_unconfirmed(txid)
  }
  for (const listener of listeners) listener.best_block_updated(to.header, to.height)
}

/** Tells one monitor, not yet watched, of a block it missed while the node was down. */
export function confirmMonitor(monitor: ChannelMonitor, block: ChainBlock, parts: NodeParts): void {
  monitor.transactions_confirmed(block.header, txData(block), block.height, parts.broadcaster, parts.fees, parts.logger)
  monitor.best_block_updated(block.header, block.height, parts.broadcaster, parts.fees, parts.logger)
}

/** The same for blocks that were replaced while the node was down. */
export function unconfirmMonitor(monitor: ChannelMonitor, to: ChainBlock, parts: NodeParts): void {
  for (const txid of txidsAbove(monitor, to.height)) monitor.transaction_unconfirmed(txid, parts.broadcaster, parts.fees, parts.logger)
  monitor.best_block_updated(to.header, to.height, parts.broadcaster, parts.fees, parts.logger)
}

/** The double SHA-256 of an 80-byte header, in internal byte order. */
export function blockHash(header: Uint8Array): Uint8Array {
  return createHash('sha256').update(createHash('sha256').update(header).digest()).digest()
}

function txidsAbove(listener: Pick<Confirm, 'get_relevant_txids'>, height: number): Uint8Array[] {
  return listener
    .get_relevant_txids()
    .filter((relevant) => relevant.get_b() > height)
    .map((relevant) => relevant.get_a())
}

function txData(block: ChainBlock): TwoTuple_usizeTransactionZ[] {
  return block.txs.map((tx, index) => TwoTuple_usizeTransactionZ.constructor_new(index, tx))
}

function follows(block: ChainBlock, hash: Uint8Array): boolean {
  return sameBytes(block.header.subarray(4, 36), hash)
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
