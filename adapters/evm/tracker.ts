import type { Clock } from '../../gateway/ports/clock.ts'
import type { Chain } from './chain.ts'
import { takerOfNonce } from './displaced.ts'
import type { Lane } from './lane.ts'
import type { RailLog } from './railLog.ts'
import { RpcSilent } from './rpc.ts'
import type { LiveTransaction } from './transactionTable.ts'
import type { Header, Receipt } from './wire.ts'

/** A receipt below the finality depth, whose block is on the chain. `at` in ms, `costWei` the whole price of its gas. */
export type Mined = Readonly<{ receipt: Receipt; at: number; costWei: bigint }>

export type TrackerParts = Readonly<{
  chain: Chain
  lane: Lane
  depth: number
  replaceAfterMs: number
  clock: Clock
  log: RailLog
  /** Makes the end of a transaction durable. */
  onFinal(row: LiveTransaction, mined: Mined): Promise<void>
  /** No form of it can ever be mined. */
  onDisplaced(row: LiveTransaction): void
  /** It waits for a fee above its cap: only the market or a person can help. */
  onStuck(row: LiveTransaction): void
}>

const REOFFER_MS = 5_000

/**
 * Follows our own transactions by reading receipts anew at every head, with the block's hash checked before anything is final: a receipt
 * that was seen once proves nothing (chains reorganise). What was dropped is offered again, what is late is replaced, gaps are filled.
 */
export function createTracker(parts: TrackerParts) {
  const { chain, lane, clock, log } = parts
  const depth = BigInt(parts.depth)
  const startedAt = clock.now()
  let horizon: Header | undefined

  async function findReceipt(row: LiveTransaction): Promise<Receipt | undefined> {
    const receipts = await Promise.all(row.forms.map((form) => chain.receipt(form.hash)))
    return receipts.find((receipt) => receipt !== null) ?? undefined
  }

  /** True when the chain's word about this nonce is complete up to `finalBlock`. */
  async function follow(row: LiveTransaction, finalBlock: bigint): Promise<boolean> {
    const receipt = await findReceipt(row)
    if (!receipt) {
      const taker = finalBlock < 0n ? undefined : await takerOfNonce(chain, lane.operator, row.nonce, finalBlock)
      if (taker === undefined || row.forms.some((form) => form.hash === taker)) return false
      log('error', 'another program spent a nonce of the operator key; ours cannot be mined any more', { nonce: row.nonce, taker })
      parts.onDisplaced(row)
      lane.drop(row.nonce)
      return true
    }
    lane.setMined(row.nonce, true)
    if (receipt.blockNumber > finalBlock) return true
    const block = await chain.header(receipt.blockNumber)
    if (block.hash !== receipt.blockHash) return false
    await parts.onFinal(row, {
      receipt,
      at: Number(block.timestamp) * 1000, // not money: a time
      costWei: receipt.gasUsed * receipt.effectiveGasPrice,
    })
    lane.drop(row.nonce)
    return true
  }

  /** What is not mined: in order of nonces, because some nodes refuse to queue. */
  async function push(rows: readonly { row: LiveTransaction; offeredAt: number | undefined }[]): Promise<void> {
    for (const { row, offeredAt } of rows) {
      lane.setMined(row.nonce, false)
      const now = clock.now()
      const signedAt = row.forms.at(-1)!.signedAt
      if (offeredAt === undefined || now < offeredAt) await lane.offerAgain(row.nonce)
      else if (now - Math.max(signedAt, startedAt) > parts.replaceAfterMs) {
        if (await lane.replace(row.nonce)) continue
        parts.onStuck(row)
        if (now - offeredAt > REOFFER_MS) await lane.offerAgain(row.nonce)
      } else if (now - offeredAt > REOFFER_MS) await lane.offerAgain(row.nonce)
    }
  }

  return {
    /**
     * The newest block of which everything is final and known here: every transaction of ours in it or below has its row finished. The
     * stream and the statement read no further.
     */
    horizon: () => horizon,

    /** One look at the chain. Throws RpcSilent or RpcRefused; it is then simply repeated. */
    async tick(): Promise<void> {
      const head = await chain.header('latest')
      const finalBlock = head.number - depth
      const count = Number(await chain.transactionCount(lane.operator, head.number)) // not money: a nonce
      // Read after the head: what is in the head or below was in the lane before.
      const flights = lane.flights()
      const counted = flights.filter(({ row }) => row.nonce < count)
      const waiting = flights.filter(({ row }) => row.nonce >= count)
      const followed = await Promise.allSettled(counted.map(({ row }) => follow(row, finalBlock)))
      const broken = followed.find((result) => result.status === 'rejected')
      if (broken) throw broken.reason
      if (waiting[0]?.row.nonce !== count) await lane.fillGaps(count)
      await push(waiting)
      if (finalBlock < 0n || followed.some((result) => result.status === 'fulfilled' && !result.value)) return
      const reached = await chain.header(finalBlock)
      if (horizon && reached.number < horizon.number) throw new RpcSilent(`the node is behind: block ${reached.number}`)
      horizon = reached
    },
  }
}

export type Tracker = ReturnType<typeof createTracker>
