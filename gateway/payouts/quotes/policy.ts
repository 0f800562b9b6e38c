import type { NanoUsd } from '../../costs/policy.ts'

/** Half of a spread in millionths for a small amount; at `doublesAtNano` it is twice as much, and so on in a straight line. */
export type PairSpread = Readonly<{ halfPpm: bigint; doublesAtNano: NanoUsd }>

/** How quotes are made and kept. */
export type QuotePolicy = Readonly<{
  /** Of a pair by the codes of its assets in order, such as `BTC/USDC`; `usual` of every other. */
  pairs: Readonly<Record<string, PairSpread>>
  usual: PairSpread
  /** How long after its end a payout of it may begin at the latest: so long it may take until what it promised is paid or given back. */
  sendWithinS: number
  /** By how much a rail may cost more than was quoted when it is used. */
  costRiseMaxNano: NanoUsd
  /** Quotes that nobody has used yet, and what they are worth: of one party, and of all. No party has more of what all may than is free besides. */
  party: Readonly<{ openMax: number; openNanoMax: NanoUsd }>
  all: Readonly<{ openMax: number; openNanoMax: NanoUsd }>
}>

export const quotePolicy: QuotePolicy = {
  pairs: {},
  usual: { halfPpm: 500n, doublesAtNano: 100_000_000_000_000n }, // 100,000 USD
  sendWithinS: 300,
  costRiseMaxNano: 1_000_000_000n, // 1 USD
  party: { openMax: 100, openNanoMax: 10_000_000_000_000n }, // 10,000 USD
  all: { openMax: 10_000, openNanoMax: 200_000_000_000_000n }, // 200,000 USD
}
