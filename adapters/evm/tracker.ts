import { type FollowParts, followNonce } from './followNonce.ts'
import { keepMoving, type MovingParts } from './keepMoving.ts'
import { RpcSilent } from './rpc.ts'
import type { Header } from './wire.ts'

export type TrackerParts = FollowParts & MovingParts & Readonly<{ depth: number }>

/**
 * Follows our own transactions by reading receipts anew at every head, with the block's hash checked before anything is final: a receipt
 * that was seen once proves nothing (chains reorganise). What was dropped is offered again, what is late is replaced, gaps are filled.
 */
export function createTracker(parts: TrackerParts) {
  const { chain, lane } = parts
  const depth = BigInt(parts.depth)
  const startedAt = parts.clock.now()
  let horizon: Header | undefined
  /** The head up to which the last look was complete, with the count of the operator's nonces there. */
  let seen: { hash: string; count: number } | undefined

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
      const known = seen?.hash === head.hash ? seen : undefined
      const count = known ? known.count : Number(await chain.transactionCount(lane.operator, head.number)) // not money: a nonce
      // Read after the head: what is in the head or below was in the lane before.
      const flights = lane.flights()
      const counted = known ? [] : flights.filter(({ row }) => row.nonce < count)
      const waiting = flights.filter(({ row }) => row.nonce >= count)
      const followed = await Promise.allSettled(counted.map(({ row }) => followNonce(parts, row, finalBlock)))
      const broken = followed.find((result) => result.status === 'rejected')
      if (broken) throw broken.reason
      if (waiting[0]?.row.nonce !== count) await lane.fillGaps(count)
      await keepMoving(parts, waiting, startedAt)
      if (known || followed.some((result) => result.status === 'fulfilled' && !result.value)) return
      seen = { hash: head.hash, count }
      if (finalBlock < 0n) return
      const reached = await chain.header(finalBlock)
      if (horizon && reached.number < horizon.number) throw new RpcSilent(`the node is behind: block ${reached.number}`)
      horizon = reached
    },
  }
}

export type Tracker = ReturnType<typeof createTracker>
