import type { NanoUsd, RouterPolicy } from '../../costs/policy.ts'
import { costOfWaiting } from '../../costs/waiting.ts'
import { ceilDiv } from '../../money/integers.ts'
import { railKind } from '../../ports/railName.ts'
import type { Beside, Possible } from './candidate.ts'

const PPM = 1_000_000n
const PPT = 1_000_000_000_000n
/** A share in parts per billion, at a price in millionths. */
const PPB_PPM = 1_000_000_000_000_000n
const NOTHING: Beside = {}

/** What one try costs, term by term, in nano-USD. `success` terms are met when it pays, `failure` terms when it does not. */
export type Terms = Readonly<{
  success: Readonly<{
    /** fixed + clamp(share of the amount, least, most). */
    fee: NanoUsd
    /** What a chain takes, at an upper quantile. */
    gas: NanoUsd
    /** The share of what a batch costs. */
    batchShare: NanoUsd
    /** Half of a conversion's spread, and what the rail takes for one. */
    fxSpread: NanoUsd
    /** The price of rates that move until the money is there. */
    fxRisk: NanoUsd
    /** The payee's waiting as such. */
    waitForFunds: NanoUsd
    /** Capital on its way, and locked. */
    capitalLocked: NanoUsd
    /** What comes back: what is lost of it then, and the work. */
    reversal: NanoUsd
    /** What its party would pay more to have it by a rail that it prefers. */
    preference: NanoUsd
    /** The shadow price of what is scarce. */
    liquidity: NanoUsd
  }>
  failure: Readonly<{ failureFee: NanoUsd; waitForFailure: NanoUsd; unknown: NanoUsd }>
}>

/** Prices a rail's terms for a payout of this worth. Every division rounds up, against the candidate. */
export function priceTerms(candidate: Possible, amountNano: NanoUsd, policy: RouterPolicy): Terms {
  const { availableNano, secondsToFunds, secondsToFail, converted, beside = NOTHING } = candidate
  const spreadPpm = (converted ? policy.fxHalfSpreadPpm : 0n) + (beside.conversionPpm ?? 0n)
  const locked = secondsToFunds + (beside.secondsLocked ?? 0n)
  const unknownPpm = policy.unknownPpm[railKind(candidate.rail)]
  return {
    success: {
      fee: candidate.feeNano,
      gas: beside.gasNano ?? 0n,
      batchShare: beside.batchShareNano ?? 0n,
      fxSpread: spreadPpm === 0n ? 0n : ceilDiv(amountNano * spreadPpm, PPM),
      fxRisk: priceOfRisk(amountNano, beside.volatilityPpb ?? 0n, secondsToFunds, policy),
      waitForFunds: policy.waitNanoPerSecond * secondsToFunds,
      capitalLocked: locked === 0n ? 0n : ceilDiv(amountNano * locked * policy.capitalPptPerSecond, PPT),
      reversal: beside.reversalNano ?? 0n,
      preference: beside.preferenceNano ?? 0n,
      liquidity: costOfLiquidity(amountNano, availableNano, policy),
    },
    failure: {
      failureFee: candidate.failureFeeNano,
      waitForFailure: costOfWaiting({ seconds: secondsToFail, amountSeconds: amountNano * secondsToFail }, policy),
      unknown: unknownPpm === 0n ? 0n : costOfDoubt(amountNano, unknownPpm, policy),
    },
  }
}

/** A part of one deviation that is met by then: volatility * root of the seconds, rounded up. */
function priceOfRisk(amountNano: NanoUsd, volatilityPpb: bigint, seconds: bigint, { riskPricePpm }: RouterPolicy): NanoUsd {
  if (volatilityPpb === 0n) return 0n
  return ceilDiv(amountNano * volatilityPpb * rootUp(seconds) * riskPricePpm, PPB_PPM)
}

/** The least whole number whose square is no less. */
export function rootUp(seconds: bigint): bigint {
  return BigInt(Math.ceil(Math.sqrt(Number(seconds)))) // not money: a time
}

/** Grows with the square: taking a tenth of what is there costs a hundredth of taking all. */
export function costOfLiquidity(amountNano: NanoUsd, availableNano: NanoUsd, { liquidityPpm }: RouterPolicy): NanoUsd {
  return availableNano > 0n ? ceilDiv(amountNano * amountNano * liquidityPpm, availableNano * PPM) : 0n
}

/** P(unknown) * (what finding out costs + what is paid twice after a wrong conclusion). */
export function costOfDoubt(amountNano: NanoUsd, unknownPpm: bigint, { unknownCostNano, paidTwicePpm }: RouterPolicy): NanoUsd {
  return ceilDiv((unknownCostNano * PPM + amountNano * paidTwicePpm) * unknownPpm, PPM * PPM)
}

/** F: the cost when it pays. */
export function costOfSuccess({ success: s }: Terms): NanoUsd {
  return s.fee + s.gas + s.batchShare + s.fxSpread + s.fxRisk + s.waitForFunds + s.capitalLocked + s.reversal + s.preference + s.liquidity
}

/** L: the cost when it fails. */
export function costOfFailure({ failure }: Terms): NanoUsd {
  return failure.failureFee + failure.waitForFailure + failure.unknown
}
