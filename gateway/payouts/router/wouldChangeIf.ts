import type { NanoUsd } from '../../costs/policy.ts'
import { bestOrder, isBeyondLoss, type Try, tryCost } from './bestOrder.ts'
import type { DecideInput, Plan } from './decide.ts'
import { costOfFailure, costOfSuccess, type Terms } from './terms.ts'

const PPM = 1_000_000n

type TermName = keyof Terms['success'] | keyof Terms['failure']

/**
 * By how much the first candidate's dominant term (the one with the largest share of its expected cost) must rise before another is tried
 * first: `inFavourOf` is that candidate's place, or undefined when then nothing is worth trying.
 */
export type Sensitivity = Readonly<{ term: TermName; termNano: NanoUsd; mustRiseByNano: NanoUsd; inFavourOf: number | undefined }>

/** The exact threshold, by bisection over plans (about 40 of them: for the record of a decision, not for its making). Undefined for an empty plan. */
export function wouldChangeIf(input: DecideInput, plan: Plan): Sensitivity | undefined {
  const winner = plan.order[0]
  if (winner === undefined) return undefined
  const places: number[] = []
  const tries: Try[] = []
  for (const [place, candidate] of input.candidates.entries()) {
    const verdict = plan.verdicts[place]!
    if (candidate.kind === 'impossible' || verdict.kind === 'impossible') continue
    places.push(place)
    tries.push({ successPpm: candidate.successPpm, onSuccess: costOfSuccess(verdict.terms), onFailure: costOfFailure(verdict.terms) })
  }
  const at = places.indexOf(winner)
  const first = tries[at]!
  const verdict = plan.verdicts[winner]!
  if (verdict.kind === 'impossible') return undefined
  const dominant = dominantTerm(verdict.terms, first.successPpm)

  const risen = (by: NanoUsd): Try =>
    dominant.when === 'success' ? { ...first, onSuccess: first.onSuccess + by } : { ...first, onFailure: first.onFailure + by }
  const firstWhen = (by: NanoUsd): number | undefined =>
    bestOrder(
      tries.map((t, i) => (i === at ? risen(by) : t)),
      plan.lostNano,
      input.attemptsMax,
    )[0]

  // Beyond `high` the winner costs as much a success as not paying, so it is out. A dearer winner never returns to the first place.
  const weight = dominant.when === 'success' ? first.successPpm : PPM - first.successPpm
  let low = 0n
  let high = (first.successPpm * plan.lostNano - tryCost(first) + weight - 1n) / weight
  if (!isBeyondLoss(risen(high), plan.lostNano)) return undefined
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (firstWhen(middle) === at) low = middle
    else high = middle
  }
  const other = firstWhen(high)
  return {
    term: dominant.name,
    termNano: dominant.nano,
    mustRiseByNano: high,
    inFavourOf: other === undefined ? undefined : places[other]!,
  }
}

type Dominant = Readonly<{ name: TermName; nano: NanoUsd; when: 'success' | 'failure' }>

/** When each term is paid, in the order of `Terms`: a term that is new there is asked for here too. */
const WHEN: Readonly<Record<TermName, Dominant['when']>> = {
  fee: 'success',
  fxSpread: 'success',
  waitForFunds: 'success',
  liquidity: 'success',
  failureFee: 'failure',
  waitForFailure: 'failure',
  unknown: 'failure',
}
const NAMES = Object.keys(WHEN) as TermName[] // They are its keys.

/** The term with the largest expected share; the first of equals, in the order of `Terms`. With every term zero: the fee. */
function dominantTerm(terms: Terms, successPpm: bigint): Dominant {
  const nano: Readonly<Record<TermName, NanoUsd>> = { ...terms.success, ...terms.failure }
  const rows = NAMES.map((name): Dominant => ({ name, nano: nano[name], when: WHEN[name] }))
  const share = (row: Dominant) => row.nano * (row.when === 'success' ? successPpm : PPM - successPpm)
  return rows.reduce((best, row) => (share(row) > share(best) ? row : best))
}
