import type { PricedCode } from '../../ports/priceSource.ts'

/** When a price is believed; why these figures: docs/rates.md. Millionths are of the price. */
export type RatePolicy = Readonly<{
  /** So often markets are asked. */
  everyMs: number
  /** A price that is older is not used. */
  ageMsMax: number
  /** How old a market's word may be when prices are combined: two rounds and the time that one may take. */
  heardAgeMsMax: number
  /** How far a market's clock may be before ours. */
  aheadMsMax: number
  /** A market whose bid and ask are wider apart has no price. */
  spreadPpmMax: bigint
  /** A market that is further from the median of all is left out. */
  outlierPpm: bigint
  /** So many markets make a price. */
  enough: number
  /** One fewer does too where no two are further apart. */
  closePpm: bigint
  /** But none of them may be one whose own time may be older: a coin that falls is not seen by what is written once a day. */
  closeAgeMsMax: number
  /** A market that has said the same for so long, while the price went so far, stands still. */
  stillMs: number
  stillMovedPpm: bigint
  /** A price that went less far is the one before, for so long. */
  changePpm: bigint
  keepMs: number
  /** What is promised while a coin is away from its dollar, or a market is far from the others, holds for so long: whoever waits sees where it goes. */
  promiseMs: number
  /** A price that went further from one round to the next is believed when a second round says it too. */
  jumpPpm: Readonly<Record<PricedCode, bigint>>
  /**
   * How far a coin of one dollar may be from a dollar: a person is told beyond `told`, and there is no rate beyond `most`, until it has been within `near` for
   * so long.
   */
  peg: Readonly<{ codes: readonly PricedCode[]; toldPpm: bigint; mostPpm: bigint; nearPpm: bigint; nearMs: number }>
}>

const ROUND_MS_MAX = 10_000

const SECOND_MS = 1_000

/** The figures, for markets that are asked so often. */
export function ratePolicy(o: Readonly<{ everyS: number; ageS: number }>): RatePolicy {
  const everyMs = o.everyS * SECOND_MS
  return {
    everyMs,
    ageMsMax: o.ageS * SECOND_MS,
    heardAgeMsMax: 2 * everyMs + ROUND_MS_MAX,
    aheadMsMax: 60_000,
    spreadPpmMax: 20_000n,
    outlierPpm: 10_000n,
    enough: 3,
    closePpm: 3_000n,
    closeAgeMsMax: 5_400_000,
    stillMs: 300_000,
    stillMovedPpm: 3_000n,
    changePpm: 500n,
    keepMs: 60_000,
    promiseMs: 900_000,
    jumpPpm: { BTC: 30_000n, ETH: 30_000n, EUR: 10_000n, USDC: 10_000n, POL: 50_000n, AVAX: 50_000n },
    peg: { codes: ['USDC'], toldPpm: 5_000n, mostPpm: 15_000n, nearPpm: 3_000n, nearMs: 21_600_000 },
  }
}
