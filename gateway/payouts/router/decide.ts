import { costOfNotPaying, type NanoUsd, type RouterPolicy } from '../../costs/policy.ts'
import { bestOrder, expectedCost, expectedCostBefore, isBeyondLoss, knownOrder, type Try } from './bestOrder.ts'
import type { Candidate, Impossibility } from './candidate.ts'
import { costOfFailure, costOfSuccess, priceTerms, type Terms } from './terms.ts'

/** `amountNano` is what the payout is worth; `attemptsMax` what is left of the policy's K. The order of `candidates` breaks ties. */
export type DecideInput = Readonly<{
  amountNano: NanoUsd
  candidates: readonly Candidate[]
  policy: RouterPolicy
  attemptsMax: number
}>

/**
 * What became of a candidate. `dearerByNano`: how much more the whole is expected to cost when this one is tried first in place of the first;
 * never negative, because the plan is the best of all.
 * - `chosen`: in the plan, at `rank` (1 is tried first). - `dearer`: possible, and left out. - `cut`: costs as much a success as not paying.
 */
export type Verdict =
  | Readonly<{ kind: 'chosen'; rank: number; terms: Terms; dearerByNano: NanoUsd }>
  | Readonly<{ kind: 'dearer' | 'cut'; terms: Terms; dearerByNano: NanoUsd }>
  | Readonly<{ kind: 'impossible'; reason: Impossibility; detail: string }>

/** `order` holds places in the input's candidates; `verdicts` has one row a candidate, in their order. Empty order: nothing is worth trying. */
export type Plan = Readonly<{ order: readonly number[]; expectedNano: NanoUsd; lostNano: NanoUsd; verdicts: readonly Verdict[] }>

type Priced = Readonly<{ place: number; terms: Terms; try_: Try }>

/** The plan of least full expected cost, and why. Exact over all orders and subsets of at most `attemptsMax` independent tries. */
export function decide({ amountNano, candidates, policy, attemptsMax }: DecideInput): Plan {
  const lostNano = costOfNotPaying(amountNano, policy)
  const priced: Priced[] = []
  for (const [place, candidate] of candidates.entries()) {
    if (candidate.kind === 'impossible') continue
    const terms = priceTerms(candidate, amountNano, policy)
    const try_ = { successPpm: candidate.successPpm, onSuccess: costOfSuccess(terms), onFailure: costOfFailure(terms) }
    priced.push({ place, terms, try_ })
  }
  const tries = priced.map((p) => p.try_)
  const chosen = bestOrder(tries, lostNano, attemptsMax)
  const order = chosen.map((i) => tries[i]!)
  const expectedNano = expectedCost(order, lostNano)

  const fallbacks = order.slice(1)
  const behindFirst = knownOrder(fallbacks, lostNano)
  // The same plan with this one in the first place; a fallback moves up and leaves a gap.
  const costInFirstPlace = (t: Try, rank: number): NanoUsd =>
    rank === 0
      ? expectedCostBefore(t, behindFirst)
      : expectedCost(rank === 1 ? order : [t, ...fallbacks.filter((other) => other !== t)], lostNano)

  const verdicts: Verdict[] = []
  let next = 0
  for (const candidate of candidates) {
    if (candidate.kind === 'impossible') {
      verdicts.push({ kind: 'impossible', reason: candidate.reason, detail: candidate.detail })
      continue
    }
    const { terms, try_ } = priced[next]!
    const rank = chosen.indexOf(next) + 1
    next++
    const dearerByNano = costInFirstPlace(try_, rank) - expectedNano
    if (rank > 0) verdicts.push({ kind: 'chosen', rank, terms, dearerByNano })
    else verdicts.push({ kind: isBeyondLoss(try_, lostNano) ? 'cut' : 'dearer', terms, dearerByNano })
  }
  return { order: chosen.map((i) => priced[i]!.place), expectedNano, lostNano, verdicts }
}
