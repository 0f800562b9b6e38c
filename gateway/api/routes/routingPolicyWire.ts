import type { z } from 'zod'
import { NANO_USD } from '../../costs/nanoUsd.ts'
import { formatAmount, parseAmount } from '../../money/money.ts'
import type { HourOfRail } from '../../payouts/deciding/performance.ts'
import type { DryRun } from '../../payouts/deciding/policyDryRun.ts'
import type { PolicyTerms, RoutingPolicy } from '../../payouts/routingPolicy/routingPolicy.ts'
import type { PartyId } from '../../ports/ids.ts'
import type { routingPolicy } from '../http/wire.ts'

/** What stands for a party that never said anything. */
export const UNSAID: RoutingPolicy = {
  version: 0,
  allow: [],
  forbid: [],
  prefer: [],
  preferByNano: 0n,
  waitPercent: 100,
  feeMaxNano: undefined,
  attemptsMax: undefined,
}

export function readPolicy(body: z.infer<typeof routingPolicy>): PolicyTerms {
  const { allow, forbid, prefer, prefer_by_usd, wait_percent, fee_max_usd, attempts_max, parts_max } = body
  return {
    allow,
    forbid,
    prefer,
    preferByNano: nanoOf(prefer_by_usd),
    waitPercent: wait_percent,
    feeMaxNano: fee_max_usd === undefined ? undefined : nanoOf(fee_max_usd),
    attemptsMax: attempts_max,
    partsMax: parts_max,
  }
}

export function policyView(party: PartyId, policy: RoutingPolicy) {
  const { version, allow, forbid, prefer, preferByNano, waitPercent, feeMaxNano, attemptsMax, partsMax } = policy
  return {
    object: 'routing_policy',
    party,
    version,
    allow,
    forbid,
    prefer,
    prefer_by_usd: usd(preferByNano),
    wait_percent: waitPercent,
    ...(feeMaxNano === undefined ? {} : { fee_max_usd: usd(feeMaxNano) }),
    ...(attemptsMax === undefined ? {} : { attempts_max: attemptsMax }),
    ...(partsMax === undefined ? {} : { parts_max: partsMax }),
  }
}

export function hourView({ hour, rail, chosen, sent, settled, failed, expectedNano, cheapestFirstNano }: HourOfRail) {
  return {
    hour: new Date(hour).toISOString(),
    rail,
    chosen,
    sent,
    settled,
    failed,
    expected_cost_usd: usd(expectedNano),
    cheapest_first_cost_usd: usd(cheapestFirstNano),
  }
}

/** The rails and kinds that a policy names and of which none is here: it may be one that is still to come, or a slip of the pen. */
export function notHere({ allow, forbid, prefer }: PolicyTerms, here: readonly string[]): readonly string[] {
  const named = new Set<string>([...allow, ...forbid, ...prefer])
  return [...named].filter((name) => !here.some((rail) => rail === name || rail.startsWith(`${name}:`)))
}

/** A party is not to take silence for consent: others' payouts may have come between its own. */
const NOT_WHOLE = ' There may be more in these days: the newest 200 of its own among the newest 1,000 payouts of all are looked at.'

export function dryRunView(
  { judged, otherwise, excluded, rules, costsMoreNano, slowerSeconds, isWhole }: DryRun,
  absent: readonly string[],
) {
  const none = absent.length === 0 ? '' : ` No rail here is ${absent.join(' or ')}, so what is said of that changes nothing now.`
  return {
    object: 'routing_policy_dry_run',
    decisions: judged,
    otherwise,
    excluded,
    rules,
    costs_more_usd: usd(costsMoreNano),
    slower_s: `${slowerSeconds}`,
    whole: isWhole,
    not_here: absent,
    why: `${dryRunWords({ judged, excluded, rules, costsMoreNano, slowerSeconds })}${isWhole ? '' : NOT_WHOLE}${none}`,
  }
}

function more(nano: bigint): string {
  return nano < 0n ? `${usd(-nano)} USD less` : `${usd(nano)} USD more`
}

function slower(seconds: bigint): string {
  return seconds < 0n ? `${-seconds} s faster` : `${seconds} s slower`
}

/** What had no way left cost nothing, so it is said apart from what the others would have cost. */
function dryRunWords({ judged, excluded, rules, costsMoreNano, slowerSeconds }: Omit<DryRun, 'otherwise' | 'isWhole'>): string {
  const came = `would have cost ${more(costsMoreNano)} and been ${slower(slowerSeconds)}`
  if (excluded === 0) return `${judged} decisions of the last seven days ${came}.`
  const left = judged > excluded ? ` The other ${judged - excluded} ${came}.` : ''
  return `Of ${judged} decisions of the last seven days ${excluded} would have had no way left: ${rules.join('; ')}.${left}`
}

function nanoOf(text: string): bigint {
  return parseAmount(text, NANO_USD).units
}

function usd(nano: bigint): string {
  return formatAmount({ asset: NANO_USD, units: nano })
}
