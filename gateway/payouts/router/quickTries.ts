import type { NanoUsd, RouterPolicy } from '../../costs/policy.ts'
import { type RailKind, railKind } from '../../ports/railName.ts'
import type { Try } from './bestOrder.ts'
import type { Candidate, Possible } from './candidate.ts'
import { ceilMulDiv, EXACT_BELOW, exactly, wholeOf } from './doubles.ts'
import { type NearTries, nearly } from './nearly.ts'
import { costOfDoubt, costOfFailure, costOfLiquidity, costOfSuccess, priceTerms } from './terms.ts'

const PPM = 1_000_000
const PPT = 1_000_000_000_000
const PPB_PPM = 1_000_000_000_000_000

/** The candidates that are possible, in their order: their places, their tries as doubles, and each of them exactly. */
type QuickTries = Readonly<{ places: readonly number[]; near: NearTries; exactAt(i: number): Try }>

/**
 * Prices candidates of one payout as `priceTerms` does, to the nano-dollar, and gives the sums alone: each term is computed in doubles as far as those are
 * exact, and what is not is priced by whole numbers. The terms of a record are made where it is written.
 */
export function quickTries(candidates: readonly Candidate[], amountNano: NanoUsd, policy: RouterPolicy): QuickTries {
  const places: number[] = []
  const [chance, success, failure]: [number[], number[], number[]] = [[], [], []]
  const large = new Map<number, Try>()
  const price = pricer(amountNano, policy)
  for (let place = 0; place < candidates.length; place++) {
    const candidate = candidates[place]!
    if (candidate.kind === 'impossible') continue
    let [onSuccess, onFailure] = [price.success(candidate), price.failure(candidate)]
    // No sum of exact numbers that stays below has lost anything, and what is NaN is not below.
    if (!(onSuccess < EXACT_BELOW && onFailure < EXACT_BELOW)) {
      const terms = priceTerms(candidate, amountNano, policy)
      const exact = { successPpm: candidate.successPpm, onSuccess: costOfSuccess(terms), onFailure: costOfFailure(terms) }
      large.set(places.length, exact)
      ;[onSuccess, onFailure] = [nearly(exact.onSuccess), nearly(exact.onFailure)]
    }
    places.push(place)
    chance.push(exactly(candidate.successPpm))
    success.push(onSuccess)
    failure.push(onFailure)
  }
  const exactAt = (i: number): Try =>
    large.get(i) ?? { successPpm: wholeOf(chance[i]!), onSuccess: wholeOf(success[i]!), onFailure: wholeOf(failure[i]!) }
  return { places, near: { chance, success, failure }, exactAt }
}

/** The sums of `priceTerms`, exact or NaN: term by term as there, in its order. */
function pricer(amountNano: NanoUsd, policy: RouterPolicy) {
  const amount = exactly(amountNano)
  const wait = exactly(policy.waitNanoPerSecond)
  const capital = exactly(policy.capitalPptPerSecond)
  const risk = exactly(policy.riskPricePpm)
  const spread = exactly(policy.fxHalfSpreadPpm)
  const scarcity = exactly(policy.liquidityPpm)
  // A thousandth, as it mostly is, is 1 of 1,000, so that more products are told apart.
  const [part, whole] = PPM % scarcity === 0 ? [1, PPM / scarcity] : [scarcity, PPM]
  const doubts: Partial<Record<RailKind, number>> = {}
  return {
    success({ feeNano, secondsToFunds, availableNano, converted, beside }: Possible): number {
      const seconds = exactly(secondsToFunds)
      const available = exactly(availableNano)
      let sum = exactly(feeNano) + wait * seconds
      let locked = seconds
      let conversion = converted ? spread : 0
      if (beside) {
        const { gasNano, batchShareNano, conversionPpm, volatilityPpb, secondsLocked, reversalNano, preferenceNano } = beside
        if (gasNano) sum += exactly(gasNano)
        if (batchShareNano) sum += exactly(batchShareNano)
        if (reversalNano) sum += exactly(reversalNano)
        if (preferenceNano) sum += exactly(preferenceNano)
        if (conversionPpm) conversion += exactly(conversionPpm)
        if (secondsLocked) locked += exactly(secondsLocked)
        const root = Math.ceil(Math.sqrt(seconds)) // not money: a time
        if (volatilityPpb) sum += ceilMulDiv(amount, exactly(volatilityPpb) * root * risk, PPB_PPM)
      }
      if (conversion !== 0) sum += ceilMulDiv(amount, conversion, PPM)
      sum += ceilMulDiv(amount, locked * capital, PPT)
      if (available === 0) return sum
      const liquidity = ceilMulDiv(amount * part, amount, available, whole)
      // What is there may be more than a double holds to the unit.
      return sum + (liquidity < EXACT_BELOW ? liquidity : exactly(costOfLiquidity(amountNano, availableNano, policy)))
    },
    failure({ rail, failureFeeNano, secondsToFail }: Possible): number {
      const kind = railKind(rail)
      doubts[kind] ??= policy.unknownPpm[kind] === 0n ? 0 : exactly(costOfDoubt(amountNano, policy.unknownPpm[kind], policy))
      const seconds = exactly(secondsToFail)
      return exactly(failureFeeNano) + wait * seconds + ceilMulDiv(amount, seconds * capital, PPT) + doubts[kind]
    },
  }
}
