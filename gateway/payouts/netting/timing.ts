import type { NanoUsd, RouterPolicy } from '../../costs/policy.ts'
import { max, min } from '../../money/integers.ts'
import { mulDiv } from '../../money/money.ts'
import type { Member, Net } from './net.ts'

/** What one payment costs at `at` (ms), and what `units` of the net's asset are worth; undefined where no rail gives terms. */
export type NetPrice = Readonly<{ at: number; terms: Readonly<{ paymentNano: NanoUsd; units: bigint; worthNano: NanoUsd }> | undefined }>
export type WaitPolicy = Pick<RouterPolicy, 'waitNanoPerSecond' | 'capitalPptPerSecond'>

/** How long a price is gone by. */
const FRESH_MS = 60_000
const PPT = 1_000_000_000_000n
/** No net lives longer by its bounds. */
const LONGEST_MS = 86_400_000n

export function isFresh(price: NetPrice | undefined, now: number): boolean {
  return price !== undefined && now - price.at < FRESH_MS
}

/**
 * When a net closes because waiting does not pay any more (ms); undefined where that cannot be said. Whoever joins saves one payment, and nobody knows whether
 * one will. So the net closes when the waits of all its members together have cost as much as one payment. Whoever comes when, that costs at most twice what
 * somebody would pay who knew it before (Dooly, Goldman and Scott, 1998, on when to acknowledge). A fixed age has no such bound.
 */
export function worthWaitingUntil(net: Net, price: NetPrice | undefined, policy: WaitPolicy): number | undefined {
  const terms = price?.terms
  if (!terms) return undefined
  const first = net.members[0]!.createdAt
  let [perSecond, waited] = [0n, 0n]
  for (const member of net.members) {
    const own = memberPerSecond(member, terms, policy)
    perSecond += own
    // What those who came later have not waited.
    waited += own * BigInt(max(member.createdAt - first, 0))
  }
  if (perSecond === 0n) return undefined
  const sinceFirstMs = (terms.paymentNano * PPT * 1_000n + waited) / perSecond
  return first + Number.parseInt(min(sinceFirstMs, LONGEST_MS).toString(), 10)
}

/** What a second of a member's waiting costs, in 10^-12 of a nano-USD: the payee's time, and its capital. */
function memberPerSecond({ amount }: Member, { units, worthNano }: NonNullable<NetPrice['terms']>, policy: WaitPolicy): bigint {
  return policy.waitNanoPerSecond * PPT + mulDiv(worthNano, amount.units, units, 'up') * policy.capitalPptPerSecond
}
