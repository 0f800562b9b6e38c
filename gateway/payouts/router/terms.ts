import type { NanoUsd, RouterPolicy } from '../../costs/policy.ts'
import { costOfWaiting } from '../../costs/waiting.ts'
import { mulDiv } from '../../money/money.ts'
import { railKind } from '../../ports/railName.ts'
import type { Possible } from './candidate.ts'

const PPM = 1_000_000n

/** What one try costs, term by term, in nano-USD. `success` terms are met when it pays, `failure` terms when it does not. */
export type Terms = Readonly<{
  success: Readonly<{ fee: NanoUsd; fxSpread: NanoUsd; waitForFunds: NanoUsd; liquidity: NanoUsd }>
  failure: Readonly<{ failureFee: NanoUsd; waitForFailure: NanoUsd; unknown: NanoUsd }>
}>

/** Prices a rail's terms for a payout of this worth. Every division rounds up, against the candidate. */
export function priceTerms(candidate: Possible, amountNano: NanoUsd, policy: RouterPolicy): Terms {
  const { availableNano } = candidate
  const waited = (seconds: bigint) => costOfWaiting({ seconds, amountSeconds: amountNano * seconds }, policy)
  return {
    success: {
      fee: candidate.feeNano,
      fxSpread: candidate.converted ? mulDiv(amountNano, policy.fxHalfSpreadPpm, PPM, 'up') : 0n,
      waitForFunds: waited(candidate.secondsToFunds),
      // Grows with the square: taking a tenth of what is there costs a hundredth of taking all.
      liquidity: availableNano > 0n ? mulDiv(amountNano * amountNano, policy.liquidityPpm, availableNano * PPM, 'up') : 0n,
    },
    failure: {
      failureFee: candidate.failureFeeNano,
      waitForFailure: waited(candidate.secondsToFail),
      unknown: mulDiv(policy.unknownCostNano, policy.unknownPpm[railKind(candidate.rail)], PPM, 'up'),
    },
  }
}

/** F: the cost when it pays. */
export function costOfSuccess({ success }: Terms): NanoUsd {
  return success.fee + success.fxSpread + success.waitForFunds + success.liquidity
}

/** L: the cost when it fails. */
export function costOfFailure({ failure }: Terms): NanoUsd {
  return failure.failureFee + failure.waitForFailure + failure.unknown
}
