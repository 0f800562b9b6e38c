import type { NanoUsd, RouterPolicy } from '../../costs/policy.ts'
import { ceilDiv, min } from '../../money/integers.ts'
import type { PayoutContext } from '../payoutState/context.ts'
import type { CandidateData, DecisionData } from '../payoutState/facts.ts'
import { bestOrder, expectedCost, type Try } from '../router/bestOrder.ts'
import { forbiddenBy, preferenceNano, type RoutingPolicy } from '../routingPolicy/routingPolicy.ts'
import { failureSum, feeSum, successSum } from './termSums.ts'
import { payerOf } from './withPolicy.ts'

const WEEK_MS = 7 * 86_400_000
/** The newest payouts that are looked through for the party's own, and how many of those are judged anew. */
const LOOKED_AT_MAX = 1_000
const JUDGED_MAX = 200

/**
 * What the decisions of a party in the last seven days would have come to under a policy, by the terms that they recorded. `costsMoreNano`, by the operator's
 * prices, and `slowerSeconds`, of the way tried first, are sums and may be negative; `excluded` had no way left, which is in neither.
 */
export type DryRun = Readonly<{
  judged: number
  otherwise: number
  excluded: number
  rules: readonly string[]
  costsMoreNano: bigint
  slowerSeconds: bigint
  isWhole: boolean
}>

/** Judges anew; moves and keeps nothing. */
export function dryRun({ records, clock, policy }: PayoutContext, source: string, tried: RoutingPolicy): DryRun {
  const since = clock.now() - WEEK_MS
  const looked = records.list({ limit: LOOKED_AT_MAX, after: undefined })
  const own = looked.filter((payout) => payerOf(payout) === source && payout.createdAt >= since && payout.decision)
  const decisions = own.slice(0, JUDGED_MAX).flatMap(({ decision }) => (decision && records.decision(decision.id)?.data) || [])
  const isWhole = own.length <= JUDGED_MAX && (looked.length < LOOKED_AT_MAX || looked.at(-1)!.createdAt < since)
  let [judged, otherwise, excluded, costsMoreNano, slowerSeconds] = [0, 0, 0, 0n, 0n]
  const rules = new Set<string>()
  for (const data of decisions) {
    const before = waysOf(data, policy.router)
    if (data.order.length === 0) continue
    judged++
    const left = before.filter((way) => {
      const rule = ruleAgainst(tried, way)
      if (rule !== undefined) rules.add(rule)
      return rule === undefined
    })
    const attempts = min(tried.attemptsMax ?? data.attemptsMax, data.attemptsMax)
    const lost = BigInt(data.lostNano)
    const after = bestOrder(
      left.map((way) => pricedFor(way, data, tried)),
      lost,
      attempts,
    ).map((i) => left[i]!)
    const was = data.order.flatMap((place) => before.find((way) => way.place === place) ?? [])
    if (after[0]?.place !== was[0]?.place) otherwise++
    if (!after[0] || !was[0]) {
      excluded++
      continue
    }
    costsMoreNano += costOf(after, lost) - costOf(was, lost)
    slowerSeconds += after[0].seconds - was[0].seconds
  }
  return { judged, otherwise, excluded, rules: [...rules], costsMoreNano, slowerSeconds, isWhole }
}

/** A way as the decision recorded it, by the operator's prices alone. */
type Way = Readonly<{ place: number; rail: CandidateData['rail']; fee: NanoUsd; seconds: bigint; failSeconds: bigint; try_: Try }>

function waysOf({ candidates, prices }: DecisionData, router: RouterPolicy): Way[] {
  // A decision under another policy of the party is brought back to the operator's price of waiting.
  const house = router.waitNanoPerSecond - BigInt(prices?.waitNanoPerSecond ?? router.waitNanoPerSecond)
  return candidates.flatMap((c, place) => {
    const { terms, successPpm, secondsToFunds, secondsToFail = '0' } = c
    if (!terms || successPpm === undefined || secondsToFunds === undefined) return []
    const [seconds, failSeconds] = [BigInt(secondsToFunds), BigInt(secondsToFail)]
    const fee = feeSum(terms)
    const onSuccess = successSum(terms, ['preference']) + house * seconds
    const onFailure = failureSum(terms) + house * failSeconds
    return [{ place, rail: c.rail, fee, seconds, failSeconds, try_: { successPpm: BigInt(successPpm), onSuccess, onFailure } }]
  })
}

function ruleAgainst(policy: RoutingPolicy, { rail, fee }: Way): string | undefined {
  const rule = forbiddenBy(policy, rail)
  if (rule !== undefined) return rule
  return policy.feeMaxNano !== undefined && fee > policy.feeMaxNano ? 'fee_max_usd' : undefined
}

/** The same try with the party's own price of waiting, rounded up, and what it pays for its preference. */
function pricedFor({ rail, seconds, failSeconds, try_ }: Way, { prices }: DecisionData, policy: RoutingPolicy): Try {
  const wait = BigInt(prices?.waitNanoPerSecond ?? 0)
  const own = (over: bigint) => ceilDiv(wait * over * BigInt(policy.waitPercent), 100n) - wait * over
  const preference = preferenceNano(policy, rail as Parameters<typeof preferenceNano>[1]) // Whatever was priced has a name.
  return {
    successPpm: try_.successPpm,
    onSuccess: try_.onSuccess + own(seconds) + preference,
    onFailure: try_.onFailure + own(failSeconds),
  }
}

function costOf(ways: readonly Way[], lost: NanoUsd): NanoUsd {
  return expectedCost(
    ways.map(({ try_ }) => try_),
    lost,
  )
}
