import type { NanoUsd } from '../../costs/policy.ts'
import { expectedCost } from './bestOrder.ts'
import type { DecideInput, Plan } from './decide.ts'
import { costOfFailure, costOfSuccess } from './terms.ts'

/**
 * What it is expected to cost, by the same terms, to try the cheapest fee first and the next cheapest after it, as a rule without a model would: what decisions
 * are measured by. Ways that cost more than not paying are tried too, for such a rule does not know it.
 */
export function cheapestFirst({ candidates, attemptsMax }: DecideInput, { verdicts, lostNano }: Plan): NanoUsd {
  const ways = verdicts.flatMap((verdict, place) => {
    const candidate = candidates[place]!
    if (verdict.kind === 'impossible' || candidate.kind === 'impossible') return []
    const { terms } = verdict
    const fee = terms.success.fee + terms.success.gas + terms.success.batchShare
    return [{ fee, try_: { successPpm: candidate.successPpm, onSuccess: costOfSuccess(terms), onFailure: costOfFailure(terms) } }]
  })
  ways.sort((a, b) => (a.fee < b.fee ? -1 : a.fee > b.fee ? 1 : 0))
  return expectedCost(
    ways.slice(0, attemptsMax).map(({ try_ }) => try_),
    lostNano,
  )
}
