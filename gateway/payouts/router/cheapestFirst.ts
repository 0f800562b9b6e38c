import type { NanoUsd } from '../../costs/policy.ts'
import { expectedCost } from './bestOrder.ts'
import type { DecideInput, Plan } from './decide.ts'

/**
 * What it is expected to cost, by the same terms, to try the cheapest fee first and the next cheapest after it, as a rule without a model would: what decisions
 * are measured by. Ways that cost more than not paying are tried too, for such a rule does not know it.
 */
export function cheapestFirst({ candidates, attemptsMax }: DecideInput, { verdicts, lostNano, tryAt }: Plan): NanoUsd {
  const ways = verdicts.flatMap((verdict, place) => {
    const candidate = candidates[place]!
    if (verdict.kind === 'impossible' || candidate.kind === 'impossible') return []
    const { feeNano, beside } = candidate
    return [{ fee: feeNano + (beside?.gasNano ?? 0n) + (beside?.batchShareNano ?? 0n), try_: tryAt(place) }]
  })
  ways.sort((a, b) => (a.fee < b.fee ? -1 : a.fee > b.fee ? 1 : 0))
  return expectedCost(
    ways.slice(0, attemptsMax).map(({ try_ }) => try_),
    lostNano,
  )
}
