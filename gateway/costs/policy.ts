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
  /** How far an asset strays from the dollar in the root of a second: parts per billion (10^-9), by its code. What is not named here holds its price. */
  volatilityPpb: Readonly<Record<string, bigint>>
  /** The price of a risk of one such deviation between the quote and good funds. Millionths of it. */
  riskPricePpm: bigint
  /** How often money that is under way stays locked until the rail's own end. Millionths of the tries, by kind of rail. */
  lockedPpm: Readonly<Record<RailKind, bigint>>
  /** How often what was paid comes back, and what a person's work on it costs. Millionths of the payments, by kind of rail; nano-USD. */
  returnedPpm: Readonly<Record<RailKind, bigint>>
  returnedCostNano: NanoUsd
  /** Shadow price of liquidity when the payout takes all that the rail has; less in proportion. Millionths of the amount. */
  liquidityPpm: bigint
  /** How often a failing try leaves us without an answer. Millionths of the failures, by kind of rail. */
  unknownPpm: Readonly<Record<RailKind, bigint>>
  /** What it costs to find out what became of one: a person's minutes. Nano-USD. */
  unknownCostNano: NanoUsd
  /** How often a doubt ends with the amount paid twice. Millionths of the doubts. */
  paidTwicePpm: bigint
  /** What a payout that is not made costs: goodwill in nano-USD, and millionths of the amount. */
  lostNano: NanoUsd
  lostPpm: bigint
}>

export const routerPolicy: RouterPolicy = {
  attemptsMax: 4,
  waitNanoPerSecond: 1_000n, // 8.64 cents a day
  capitalPptPerSecond: 2_537n, // 8 % a year
  fxHalfSpreadPpm: 500n,
  // Half of a year's deviation of bitcoin and two thirds of ether's, a twelfth of the euro's, over the root of its 31.6 million seconds.
  volatilityPpb: { BTC: 89_000n, ETH: 119_000n, EUR: 14_000n },
  riskPricePpm: 100_000n, // a tenth of one deviation
  lockedPpm: { lightning: 500n, evm: 0n, bank: 0n, book: 0n, custom: 0n },
  returnedPpm: { lightning: 0n, evm: 0n, bank: 3_000n, book: 0n, custom: 3_000n },
  returnedCostNano: 1_000_000_000n, // 1 USD
  liquidityPpm: 1_000n,
  unknownPpm: { lightning: 2_000n, evm: 1_000n, bank: 5_000n, book: 0n, custom: 5_000n },
  unknownCostNano: 2_000_000_000n, // 2 USD
  paidTwicePpm: 10_000n, // one doubt in a hundred
  lostNano: 20_000_000_000n, // 20 USD
  lostPpm: 50_000n, // 5 %
}

/** The cost of not making a payout of this worth at all. */
export function costOfNotPaying(amountNano: NanoUsd, policy: RouterPolicy): NanoUsd {
  return policy.lostNano + (amountNano * policy.lostPpm) / 1_000_000n
}
