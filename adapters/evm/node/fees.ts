import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from './chain.ts'
import { type DataFees, NO_DATA_FEES } from './dataFees.ts'

/** Wei per gas: no tip below `priorityFloor`, nothing offered above `feeCeiling`. */
export type GasPolicy = Readonly<{ priorityFloor: bigint; feeCeiling: bigint }>
/** What a transaction offers (EIP-1559), wei per gas. */
export type GasOffer = Readonly<{ maxFee: bigint; priorityFee: bigint }>
/** `highPrice`: wei per gas, base fee and tip, that nine of ten recent blocks did not exceed, and no less than the next one's. */
export type FeeQuote = GasOffer & Readonly<{ baseFee: bigint; highPrice: bigint; blockSeconds: bigint; dataFees: DataFees }>

export type FeeSource = Readonly<{
  /** At most QUOTE_AGE_MS old. */
  quote(): Promise<FeeQuote>
  /** Asks anew when this head, a block's hash, came after the last quote and that is old: until a block comes, the answers are the same. */
  follow(head: Hex): Promise<void>
  /** The last quote, from memory, however old. */
  last(): FeeQuote | undefined
}>

const HISTORY_BLOCKS = 10
const QUOTE_AGE_MS = 2_000

/** Live gas prices: the median of the median tips of the last ten blocks, and twice the next base fee as headroom for about six full blocks. */
export function openFeeSource(chain: Chain, policy: GasPolicy, clock: Clock, askDataFees = async () => NO_DATA_FEES): FeeSource {
  let last: { quote: FeeQuote; at: number } | undefined
  /** The head that was known when the last quote was asked for. */
  let followed: Hex | undefined
  let asking: Promise<FeeQuote> | undefined

  async function ask(): Promise<FeeQuote> {
    const [history, head, dataFees] = await Promise.all([chain.feeHistory(HISTORY_BLOCKS), chain.header('latest'), askDataFees()])
    const back = head.number < BigInt(HISTORY_BLOCKS) ? head.number : BigInt(HISTORY_BLOCKS)
    const earlier = back === 0n ? head : await chain.header(head.number - back)
    const baseFee = history.baseFeePerGas.at(-1) ?? head.baseFeePerGas ?? 0n
    const tips = (history.reward ?? []).map((row) => row[0] ?? 0n)
    const offer = offerFor(baseFee, tips, policy)
    const recent = tips.map((tip, i) => (history.baseFeePerGas[i] ?? 0n) + tip)
    const highPrice = larger(baseFee + offer.priorityFee, highOf(recent))
    // Rounded up; a chain that stamps several blocks with one second counts as one second.
    const blockSeconds = back === 0n ? 1n : (head.timestamp - earlier.timestamp + back - 1n) / back
    return { ...offer, baseFee, highPrice, blockSeconds: blockSeconds < 1n ? 1n : blockSeconds, dataFees }
  }

  const isFresh = () => last !== undefined && clock.now() - last.at < QUOTE_AGE_MS

  async function quote(): Promise<FeeQuote> {
    if (last && isFresh()) return last.quote
    asking ??= ask().finally(() => {
      asking = undefined
    })
    const quote = await asking
    last = { quote, at: clock.now() }
    return quote
  }

  return {
    quote,
    async follow(head) {
      if (followed === head || isFresh()) return
      // What is asked already may have been asked before this head.
      const isOwn = asking === undefined
      await quote()
      if (isOwn) followed = head
    },
    last: () => last?.quote,
  }
}

/** The offer for a base fee and recent tips, within the policy. */
export function offerFor(baseFee: bigint, tips: readonly bigint[], policy: GasPolicy): GasOffer {
  const sorted = [...tips].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const median = sorted[sorted.length >> 1] ?? 0n
  const tip = median > policy.priorityFloor ? median : policy.priorityFloor
  return capped({ maxFee: baseFee * 2n + tip, priorityFee: tip }, policy.feeCeiling)
}

/** What nine of ten did not exceed (nearest rank); 0 of none. */
export function highOf(prices: readonly bigint[]): bigint {
  const sorted = [...prices].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0n // not money: a place
}

/** The offer with neither fee above `cap`; the tip never exceeds the whole (EIP-1559). */
export function capped(offer: GasOffer, cap: bigint): GasOffer {
  const maxFee = offer.maxFee < cap ? offer.maxFee : cap
  return { maxFee, priorityFee: offer.priorityFee < maxFee ? offer.priorityFee : maxFee }
}

/**
 * The offer that may replace `standing`: both fees at least 12.5 % higher (nodes want 10 %), or the market's where that is higher.
 * Undefined when that is above `cap`: then the standing one must wait.
 */
export function replacementFor(standing: GasOffer, market: GasOffer, cap: bigint): GasOffer | undefined {
  const raised = { maxFee: raise(standing.maxFee), priorityFee: raise(standing.priorityFee) }
  if (raised.maxFee > cap) return undefined
  return capped({ maxFee: larger(raised.maxFee, market.maxFee), priorityFee: larger(raised.priorityFee, market.priorityFee) }, cap)
}

/** 9/8, rounded up. */
function raise(fee: bigint): bigint {
  return (fee * 9n + 7n) / 8n
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
