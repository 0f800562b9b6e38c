import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import type { RailLog } from '../node/railLog.ts'
import type { Receipt } from '../node/wire.ts'
import { formOf, takerOfNonce } from './displaced.ts'
import type { Lane } from './lane.ts'
import { emptyCall } from './offering.ts'
import type { LiveTransaction } from './transactionTable.ts'

/** A receipt below the finality depth, whose block is on the chain. `at` in ms, `costWei` all that it cost: its gas, and on a rollup its data. */
export type Mined = Readonly<{ receipt: Receipt; at: number; costWei: bigint }>

export type FollowParts = Readonly<{
  chain: Chain
  /** What several endpoints say, where there are several: nothing is final on the word of one. */
  agreed: Chain
  chainId: number
  lane: Lane
  clock: Clock
  log: RailLog
  /** Makes the end of a transaction durable. */
  onFinal(row: LiveTransaction, mined: Mined): Promise<void>
  /** No form of it can ever be mined: this transaction took its nonce. */
  onDisplaced(row: LiveTransaction, taker: Hex): void
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

/**
 * No receipt for a counted nonce: the node lags, or another transaction took the nonce, which only that transaction itself proves. One that
 * does the same is a form of ours that was signed after this file was copied, and is followed like the others.
 */
async function leftOut(parts: FollowParts, row: LiveTransaction, finalBlock: bigint): Promise<boolean> {
  const { agreed, lane, chainId, clock, log } = parts
  const taken = finalBlock < 0n ? undefined : await takerOfNonce(agreed, lane.operator, row.nonce, finalBlock)
  if (taken === undefined || row.forms.some((form) => form.hash === taken.hash)) return false
  const about = { id: row.actionIds.join(' '), nonce: row.nonce, taker: taken.hash }
  const { to, data, gas } = row.cancelled > 0 ? emptyCall(lane.operator, row.feeCap) : row
  const form = formOf(taken, { chainId, to, data, gas }, clock.now())
  if (form) {
    log('error', 'a transaction of ours was mined that the data file does not hold: it is an older copy', about)
    lane.takeForm(row, form)
    return false
  }
  log('error', 'an unknown transaction of the operator key spent a nonce; ours cannot be mined any more', about)
  parts.onDisplaced(row, taken.hash)
  lane.drop(row.nonce)
  return true
}
