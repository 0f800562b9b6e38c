import { costOfNotPaying, type NanoUsd, type RouterPolicy } from '../../costs/policy.ts'
import { bestOrderNear, expectedCost, isBeyond, type Try } from './bestOrder.ts'
import type { Candidate, Impossibility } from './candidate.ts'
import { EXACT_BELOW, wholeOf } from './doubles.ts'
import { asideOf, expectedOf, followed, lookAhead, orderOf, type Question, type Step } from './lookahead.ts'
import { nearCostBefore, nearly, roundedUpNear } from './nearly.ts'
import { quickTries } from './quickTries.ts'
import { relativesOf } from './relatives.ts'

/** `amountNano` is what the payout is worth; `attemptsMax` what is left of the policy's K. The order of `candidates` breaks ties. */
export type DecideInput = Readonly<{
  amountNano: NanoUsd
  candidates: readonly Candidate[]
  policy: RouterPolicy
  attemptsMax: number
}>

/**
 * What became of a candidate. `dearerByNano`: how much more the whole is expected to cost when this one is tried first in place of the first of the best
 * plan; never negative, because that is the best of all.
 * - `chosen`: in the plan, at `rank` (1 is tried first). - `dearer`: possible, and left out. - `cut`: costs as much a success as not paying.
 */
export type Verdict =
  | Readonly<{ kind: 'chosen'; rank: number; dearerByNano: NanoUsd }>
  | Readonly<{ kind: 'dearer' | 'cut'; dearerByNano: NanoUsd }>
  | Readonly<{ kind: 'impossible'; reason: Impossibility; detail: string }>

/**
 * `order` holds places in the input's candidates; `verdicts` has one row a candidate, in their order. Empty order: nothing is worth trying. `aside`: what is in
 * no order and may be tried after a failure that tells of the ways behind it. `tryAt` is what was
 * judged of a candidate that is possible: its chance, and the sums of its terms.
 */
export type Plan = Readonly<{
  order: readonly number[]
  aside: readonly number[]
  expectedNano: NanoUsd
  lostNano: NanoUsd
  verdicts: readonly Verdict[]
  tryAt(place: number): Try
}>

/**
 * The plan of least full expected cost, and why. Exact over all orders and subsets of at most `attemptsMax` tries; where some are related, over all plans that
 * choose the next try by what the last failure told (`lookAhead`).
 */
export function decide({ amountNano, candidates, policy, attemptsMax }: DecideInput): Plan {
  const lostNano = costOfNotPaying(amountNano, policy)
  const tries = quickTries(candidates, amountNano, policy)
  const { places, exactAt } = tries
  const lost = { exact: lostNano, near: nearly(lostNano) }
  const relatives = attemptsMax > 1 ? relativesOf(candidates, places) : undefined
  const question = { tries, lost, max: attemptsMax }
  const { chosen, aside, expectedNano, costWithFirst } = relatives ? planRelated({ ...question, relatives }) : planUnrelated(question)

  const verdicts: Verdict[] = []
  let next = 0
  for (const candidate of candidates) {
    if (candidate.kind === 'impossible') {
      verdicts.push({ kind: 'impossible', reason: candidate.reason, detail: candidate.detail })
      continue
    }
    const i = next++
    const rank = chosen.indexOf(i) + 1
    const dearerByNano = rank === 1 ? 0n : costWithFirst(i, rank) - expectedNano
    if (rank > 0) verdicts.push({ kind: 'chosen', rank, dearerByNano })
    else verdicts.push({ kind: isBeyond(tries, i, lost) ? 'cut' : 'dearer', dearerByNano })
  }
  const placesOf = (ways: readonly number[]) => ways.map((i) => places[i]!)
  return {
    order: placesOf(chosen),
    aside: placesOf(aside),
    expectedNano,
    lostNano,
    verdicts,
    tryAt: (place) => exactAt(places.indexOf(place)),
  }
}

/** `costWithFirst`: the same plan with this one in the first place; a fallback moves up and leaves a gap. */
type Planned = Readonly<{
  chosen: readonly number[]
  aside: readonly number[]
  expectedNano: NanoUsd
  costWithFirst(i: number, rank: number): NanoUsd
}>

function planUnrelated({ tries, lost, max }: Omit<Question, 'relatives'>): Planned {
  const { near, exactAt } = tries
  const chosen = bestOrderNear(tries, lost, max)
  const fallbacks = chosen.slice(1)
  // In the given order, but for one that is tried before.
  const nearCostOf = (order: readonly number[], but = -1) => {
    let cost = lost.near
    for (let k = order.length - 1; k >= 0; k--) if (order[k] !== but) cost = nearCostBefore(near, order[k]!, cost)
    return cost
  }
  const exactCostOf = (order: readonly number[]) => expectedCost(order.map(exactAt), lost.exact)
  const nearBehind = nearCostOf(fallbacks)
  return {
    chosen,
    aside: [],
    expectedNano: sure(nearCostOf(chosen)) ?? exactCostOf(chosen),
    costWithFirst(i, rank) {
      const behind = rank === 0 ? nearBehind : nearCostOf(fallbacks, i)
      return sure(nearCostBefore(near, i, behind)) ?? exactCostOf([i, ...fallbacks.filter((other) => other !== i)])
    },
  }
}

function planRelated(question: Question): Planned {
  const { plan: best } = lookAhead(question)
  const chosen = orderOf(best)
  const fallbacks = chosen.slice(1)
  const costOf = (plan: Step | undefined) => sure(plan?.near ?? Number.NaN) ?? expectedOf(question, plan)
  return {
    chosen,
    aside: asideOf(question, chosen),
    expectedNano: costOf(best),
    costWithFirst: (i) => costOf(followed(question, [i, ...fallbacks.filter((other) => other !== i)])),
  }
}

/** An amount rounded up, where doubles leave no doubt of it. */
function sure(near: number): NanoUsd | undefined {
  const up = roundedUpNear(near)
  return up < EXACT_BELOW ? wholeOf(up) : undefined
}
