import type { Chain } from '../node/chain.ts'
import type { Finality } from '../node/finality.ts'
import { RpcSilent } from '../node/rpc.ts'
import type { Header } from '../node/wire.ts'
import { type FollowParts, followNonce } from './followNonce.ts'
import { keepMoving, type MovingParts } from './keepMoving.ts'
import type { Lane } from './lane.ts'
import type { Lanes } from './lanes.ts'
import type { Counted } from './reckoning.ts'

type TrackerParts = Omit<FollowParts & MovingParts, 'lane'> &
  Readonly<{
    agreed: Chain
    lanes: Lanes
    finality: Finality
    /** True when one node's word is all there is. */
    sole: boolean
    /** The newest block that the endpoints have in common. */
    head(): Promise<Header>
    /** Makes live again what was final in blocks that are not on the chain any more. */
    revive(head: Header): Promise<void>
  }>

/** What endpoints count of a lane's nonces, and what they agree on: up to there receipts are looked for. */
type Looked = Readonly<{ counted: Counted; count: number }>

/**
 * Follows our own transactions by reading receipts anew at every head, with the block's hash checked before anything is final: a receipt
 * that was seen once proves nothing (chains reorganise). What was dropped is offered again, what is late is replaced, gaps are filled.
 */
export function createTracker(parts: TrackerParts) {
  let horizon: Header | undefined
  let newest: Header | undefined
  /** The chain as the last look left it, if that was complete: a head's hash says all that is below it. */
  let settled: string | undefined
  const look = createLook(parts)

  return {
    /**
     * The newest block of which everything is final and known here: every transaction of ours in it or below has its row finished. The
     * stream and the statement read no further.
     */
    horizon: () => horizon,

    /** While this is the same text, the chain has the same blocks up to its head. Undefined when that is not known. */
    settled: () => settled,

    /** The newest block that the endpoints have in common, at the last look. */
    head(): Header {
      if (!newest) throw new RpcSilent('the chain was not looked at yet')
      return newest
    },

    /** One look at the chain. Throws RpcSilent or RpcRefused; it is then simply repeated. */
    async tick(): Promise<void> {
      const head = await parts.head()
      newest = head
      const finalBlock = await parts.finality.finalBlock(head)
      const at = `${head.hash} ${finalBlock}`
      const isKnown = settled === at
      if (!isKnown) {
        settled = undefined
        await parts.revive(head)
      }
      const complete = await Promise.all(parts.lanes.all.map((lane) => look(lane, head, finalBlock)))
      if (isKnown || finalBlock < 0n || !complete.every((done) => done)) return
      // A chain that is shorter than it was tells nothing yet: its node may be behind.
      if (horizon && finalBlock < horizon.number) return
      const reached = await parts.agreed.header(finalBlock)
      const isNew = reached.hash !== horizon?.hash
      if (!isNew && !parts.sole) return
      // Everything above was read for this head. While it stands, all that was read is of one chain, and the rows are right up to there.
      if ((await parts.agreed.header(head.number)).hash !== head.hash) return
      if (isNew) horizon = reached
      // Of several endpoints one may say that its head is the same while the others have gone over to another chain: they are asked each time.
      if (parts.sole) settled = at
    },
  }
}

export type Tracker = ReturnType<typeof createTracker>

/** How one lane is looked at, at a head. */
function createLook(parts: TrackerParts): (lane: Lane, head: Header, finalBlock: bigint) => Promise<boolean> {
  const startedAt = parts.clock.now()
  /** Per lane the head up to which the last look was complete, with the count of the operator's nonces there. */
  const seen = new Map<Lane, Looked & { at: string }>()

  async function readCount(lane: Lane, { number }: Header): Promise<Looked> {
    const counted = await lane.countsAt(number)
    if (counted.common === counted.highest) return { counted, count: counted.common }
    return { counted, count: Number(await parts.agreed.transactionCount(lane.operator, number)) } // not money: a nonce
  }

  /** True when everything of this lane up to the final block is finished. */
  return async function look(lane: Lane, head: Header, finalBlock: bigint): Promise<boolean> {
    const own = { ...parts, lane }
    const at = `${head.hash} ${finalBlock}`
    const known = seen.get(lane)?.at === at ? seen.get(lane) : undefined
    const { count, counted: heard } = known ?? (await readCount(lane, head))
    // First: whatever else is silent, nothing further may be signed from an older file.
    await lane.follow(heard)
    // Read after the head: what is in the head or below was in the lane before.
    const flights = lane.flights()
    const counted = known ? [] : flights.filter(({ row }) => row.nonce < count)
    const waiting = flights.filter(({ row }) => row.nonce >= count)
    const followed = await Promise.allSettled(counted.map(({ row }) => followNonce(own, row, finalBlock)))
    const broken = followed.find((result) => result.status === 'rejected')
    if (broken) throw broken.reason
    await keepMoving(own, waiting, startedAt)
    if (known) return true
    if (followed.some((result) => result.status === 'fulfilled' && !result.value)) return false
    if (heard.common !== undefined) seen.set(lane, { at, count, counted: heard })
    return true
  }
}
