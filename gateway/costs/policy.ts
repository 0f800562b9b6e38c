import type { RailKind } from '../ports/railName.ts'

/** Nano-USD: 10^-9 US dollars. Micro-dollars are too coarse: a Lightning fee of one millisatoshi is about one nano-dollar. */
export type NanoUsd = bigint

/** What the router cannot read from a rail: the operator's own prices of waiting, of doubt, of scarce money, and of not paying at all. */
export type RouterPolicy = Readonly<{
  /** How many tries a payout gets (K): each is one more place where an outcome can be in doubt. */
  attemptsMax: number
  /** The value of a second of the payee's waiting, whatever the amount. Nano-USD a second. */
  waitNanoPerSecond: NanoUsd
  /** The price of capital on its way. Parts per trillion (10^-12) of the amount a second. */
  capitalPptPerSecond: bigint
  /** Half of the spread that restocking the paid-out asset costs. Millionths of the amount, only when it is converted. */
  fxHalfSpreadPpm: bigint
  /** Shadow price of liquidity when the payout takes all that the rail has; less in proportion. Millionths of the amount. */
  liquidityPpm: bigint
  /** How often a failing try leaves us without an answer. Millionths of the failures, by kind of rail. */
  unknownPpm: Readonly<Record<RailKind, bigint>>
  /** What it costs to find out what became of one: a person's minutes, and the risk of a wrong conclusion. Nano-USD. */
  unknownCostNano: NanoUsd
  /** What a payout that is not made costs: goodwill in nano-USD, and millionths of the amount. */
  lostNano: NanoUsd
  lostPpm: bigint
}>

export const routerPolicy: RouterPolicy = {
  attemptsMax: 4,
  waitNanoPerSecond: 1_000n, // 8.64 cents a day
  capitalPptPerSecond: 2_537n, // 8 % a year
  fxHalfSpreadPpm: 500n,
  liquidityPpm: 1_000n,
  unknownPpm: { lightning: 2_000n, evm: 1_000n, bank: 5_000n, book: 0n, custom: 5_000n },
  unknownCostNano: 2_000_000_000n, // 2 USD
  lostNano: 20_000_000_000n, // 20 USD
  lostPpm: 50_000n, // 5 %
}

/** The cost of not making a payout of this worth at all. */
export function costOfNotPaying(amountNano: NanoUsd, policy: RouterPolicy): NanoUsd {
  return policy.lostNano + (amountNano * policy.lostPpm) / 1_000_000n
}
