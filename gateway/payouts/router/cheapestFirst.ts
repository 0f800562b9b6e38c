import type { NanoUsd } from '../../costs/policy.ts'
import { expectedCost, nearTries } from './bestOrder.ts'
import type { DecideInput, Plan } from './decide.ts'
import { expectedOf, followed } from './lookahead.ts'
import { nearly } from './nearly.ts'
import { relativesOf } from './relatives.ts'

/**
 * What it is expected to cost, by the same terms, to try the cheapest fee first and the next cheapest after it, as a rule without a model would: what decisions
 * are measured by. Ways that cost more than not paying are tried too, for such a rule does not know it.
 */
export function cheapestFirst({ candidates, attemptsMax }: DecideInput, { verdicts, lostNano, tryAt }: Plan): NanoUsd {
  const ways = verdicts.flatMap((verdict, place) => {
    const candidate = candidates[place]!
    if (verdict.kind === 'impossible' || candidate.kind === 'impossible') return []
    const { feeNano, beside } = candidate
    return [{ fee: feeNano + (beside?.gasNano ?? 0n) + (beside?.batchShareNano ?? 0n), place }]
  })
  ways.sort((a, b) => (a.fee < b.fee ? -1 : a.fee > b.fee ? 1 : 0))
  const places = ways.slice(0, attemptsMax).map(({ place }) => place)
  const order = places.map(tryAt)
  const relatives = relativesOf(candidates, places)
  if (!relatives) return expectedCost(order, lostNano)
  const lost = { exact: lostNano, near: nearly(lostNano) }
  const question = { tries: { near: nearTries(order), exactAt: (i: number) => order[i]! }, relatives, lost, max: order.length }
  return expectedOf(question, followed(question, [...order.keys()]))
}
