import { NANO_USD } from '../../costs/nanoUsd.ts'
import type { RouterPolicy } from '../../costs/policy.ts'
import { floorDiv, min } from '../../money/integers.ts'
import { formatAmount } from '../../money/money.ts'
import { type Payout, triesOf } from '../payoutState/payout.ts'
import type { QuotedCandidate } from '../payoutState/quotedCandidate.ts'
import { forbiddenBy, preferenceNano, type RoutingPolicy } from '../routingPolicy/routingPolicy.ts'

/** Candidates and prices as a party's policy has them, and which version that is; all as they were where it has none. */
type Judged = Readonly<{
  quoted: readonly QuotedCandidate[]
  router: RouterPolicy
  partsMax: number
  rule?: Readonly<{ party: string; version: number }>
}>

/** In how many parts a payout may be paid, whatever anybody says. */
export const PARTS_MAX = 4

type Policies = Readonly<{ policyOf: (party: string) => RoutingPolicy | undefined; policy: Readonly<{ router: RouterPolicy }> }>

/** The account of the party whose own payout it is, one by one or in a batch; undefined of what the gateway sends for itself or by a promise of its own. */
export function payerOf({ source, behalf }: Pick<Payout, 'source' | 'behalf'>): string | undefined {
  if (source.startsWith('party:')) return source
  return source.startsWith('batch:') ? behalf.account : undefined
}

/** What the policy of the payout's party makes of it: ways that it excludes are impossible and say by which rule, the others are priced its way. */
export function withPolicy({ policyOf, policy: { router } }: Policies, payout: Payout, quoted: readonly QuotedCandidate[]): Judged {
  const party = payerOf(payout)?.slice('party:'.length)
  const own = party === undefined ? undefined : policyOf(party)
  if (!own || party === undefined) return { quoted, router, partsMax: PARTS_MAX }
  const tried = triesOf(payout)
  const judged = quoted.map((one) => judgedBy(own, one, tried))
  return { quoted: judged, router: pricedBy(own, router), partsMax: own.partsMax ?? PARTS_MAX, rule: { party, version: own.version } }
}

/** The prices of an operator with what a party says of time and tries. */
function pricedBy({ waitPercent, attemptsMax }: RoutingPolicy, router: RouterPolicy): RouterPolicy {
  return {
    ...router,
    // Rounded down: a party that waits for nothing has nothing to pay for waiting.
    waitNanoPerSecond: floorDiv(router.waitNanoPerSecond * BigInt(waitPercent), 100n),
    attemptsMax: attemptsMax === undefined ? router.attemptsMax : min(attemptsMax, router.attemptsMax),
  }
}

function judgedBy(policy: RoutingPolicy, { candidate, quote, ...rest }: QuotedCandidate, tried: number): QuotedCandidate {
  const rule = ruleAgainst(policy, candidate, tried)
  const { rail, destination } = candidate
  if (rule !== undefined) {
    const detail = `version ${policy.version} of the party's routing policy: ${rule}`
    return { candidate: { kind: 'impossible', rail, destination, reason: 'excluded_by_policy', detail }, quote: undefined }
  }
  if (candidate.kind === 'impossible') return { candidate, quote, ...rest }
  const preference = preferenceNano(policy, candidate.rail)
  const priced = preference === 0n ? candidate : { ...candidate, beside: { ...candidate.beside, preferenceNano: preference } }
  return { candidate: priced, quote, ...rest }
}

/** The rule that excludes a way, in words. What is impossible anyway keeps its own reason unless a rule forbids its rail for good. */
function ruleAgainst(policy: RoutingPolicy, candidate: QuotedCandidate['candidate'], tried: number): string | undefined {
  const forbidden = forbiddenBy(policy, candidate.rail)
  if (forbidden !== undefined || candidate.kind === 'impossible') return forbidden
  const { attemptsMax, feeMaxNano } = policy
  if (attemptsMax !== undefined && tried >= attemptsMax) return `attempts_max is ${attemptsMax}, and it was tried ${tried} times`
  const fee = candidate.feeNano + (candidate.beside?.gasNano ?? 0n) + (candidate.beside?.batchShareNano ?? 0n)
  if (feeMaxNano === undefined || fee <= feeMaxNano) return undefined
  const usd = (nano: bigint) => formatAmount({ asset: NANO_USD, units: nano })
  return `fee_max_usd is ${usd(feeMaxNano)}, and ${candidate.rail} would take ${usd(fee)}`
}
