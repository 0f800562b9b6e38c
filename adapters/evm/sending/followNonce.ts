import type { Chain } from '../node/chain.ts'
import type { RailLog } from '../node/railLog.ts'
import type { Receipt } from '../node/wire.ts'
import { takerOfNonce } from './displaced.ts'
import type { Lane } from './lane.ts'
import type { LiveTransaction } from './transactionTable.ts'

/** A receipt below the finality depth, whose block is on the chain. `at` in ms, `costWei` all that it cost: its gas, and on a rollup its data. */
export type Mined = Readonly<{ receipt: Receipt; at: number; costWei: bigint }>

export type FollowParts = Readonly<{
  chain: Chain
  /** What several endpoints say, where there are several: nothing is final on the word of one. */
  agreed: Chain
  lane: Lane
  log: RailLog
  /** Makes the end of a transaction durable. */
  onFinal(row: LiveTransaction, mined: Mined): Promise<void>
  /** No form of it can ever be mined. */
  onDisplaced(row: LiveTransaction): void
}>

/** Looks for what became of a nonce that the chain has counted. True when its word about it is complete up to `finalBlock`. */
export async function followNonce(parts: FollowParts, row: LiveTransaction, finalBlock: bigint): Promise<boolean> {
  const { chain, agreed, lane } = parts
  const receipts = await Promise.all(row.forms.map((form) => chain.receipt(form.hash)))
  const receipt = receipts.find((found) => found !== null)
  if (!receipt) return await leftOut(parts, row, finalBlock)
  lane.setMined(row.nonce, true)
  if (receipt.blockNumber > finalBlock) return true
  const [block, sure] = await Promise.all([agreed.header(receipt.blockNumber), agreed.receipt(receipt.transactionHash)])
  if (block.hash !== receipt.blockHash || sure?.blockHash !== block.hash) return false
  const at = Number(block.timestamp) * 1000 // not money: a time
  await parts.onFinal(row, { receipt: sure, at, costWei: sure.gasUsed * sure.effectiveGasPrice + (sure.l1Fee ?? 0n) })
  lane.drop(row.nonce)
  return true
}

/** No receipt for a counted nonce: the node lags, or another transaction took the nonce, which only that transaction itself proves. */
async function leftOut({ agreed, lane, log, onDisplaced }: FollowParts, row: LiveTransaction, finalBlock: bigint): Promise<boolean> {
  const taker = finalBlock < 0n ? undefined : await takerOfNonce(agreed, lane.operator, row.nonce, finalBlock)
  if (taker === undefined || row.forms.some((form) => form.hash === taker)) return false
  log('error', 'another program spent a nonce of the operator key; ours cannot be mined any more', { nonce: row.nonce, taker })
  onDisplaced(row)
  lane.drop(row.nonce)
  return true
}
