import type { NanoUsd } from '../../costs/policy.ts'
import { floorDivCount, max, min } from '../../money/integers.ts'
import { railKind } from '../../ports/railName.ts'
import type { DecisionData, PayoutFact, TimingData } from '../payoutState/facts.ts'
import { type Payout, triesOf } from '../payoutState/payout.ts'
import { goodFundsAt } from './inTime.ts'
import { successSum } from './termSums.ts'

/** How often the price is looked at: so many times until the end, within these bounds. */
const LOOKS = 168
const LOOK_MS_MIN = 300_000
const LOOK_MS_MAX = 3_600_000
/** What a way that follows a calendar keeps free before its last time, since a day of a bank that is missed may be a long weekend. */
const CALENDAR_SECONDS = 3_600n
const CALENDAR_MS = 5 * 86_400_000
/** A saving that is worth no waiting: a tenth of a cent. */
const WORTH_NANO: NanoUsd = 1_000_000n
const PPM = 1_000_000

type Look =
  | Readonly<{ kind: 'wait'; ms: number; lowest?: PayoutFact & { type: 'payout.price_seen' } }>
  | Readonly<{ kind: 'send'; timing?: TimingData }>

/**
 * Whether a payout that may wait for the cheapest time is sent now, by the plan that would send it. For three eighths of its time it only looks. Then it goes
 * at a price as low as it has seen, and the less time is left, the more above that will do: at the end twice what can be saved. It goes at once where no
 * price can fall, because nothing would be cheaper without gas, and at its last time in any case. While all ways are too dear it waits; while a chain is
 * shut for now, no longer than it only looks.
 */
export function lookAt(payout: Payout, data: DecisionData, now: number): Look {
  const { cheapest, deliverBy, createdAt, sendAt = createdAt, lowestNano } = payout
  const first = data.candidates[data.order[0] ?? -1]
  if (!cheapest || deliverBy === undefined || triesOf(payout) > 0) return { kind: 'send' }
  const begun = max(createdAt, sendAt)
  const ms = min(max(floorDivCount(max(deliverBy - begun, 0), LOOKS), LOOK_MS_MIN), LOOK_MS_MAX)
  if (!first?.terms) return now + 2 * ms <= deliverBy && isDear(data) ? { kind: 'wait', ms } : { kind: 'send' }
  const cost = successSum(first.terms)
  const timing = (why: TimingData['why']): Look => {
    const lowest = lowestNano === undefined ? {} : { lowestNano: `${lowestNano}` }
    return { kind: 'send', timing: { by: deliverBy, why, costNano: `${cost}`, ...lowest } }
  }
  const floor = floorOf(data)
  if (cost - floor < WORTH_NANO && !isChainShut(data)) return timing('nothing_can_be_cheaper')
  const seconds = BigInt(first.secondsToFunds ?? '0')
  const latest = deliverBy - (goodFundsAt(seconds, now) - now) - (seconds >= CALENDAR_SECONDS ? CALENDAR_MS : 0)
  if (now + 2 * ms > latest) return timing('last_time')
  const passedPpm = floorDivCount((now - begun) * PPM, latest - begun)
  if (lowestNano !== undefined && cost <= enough({ lowestNano, floor, passedPpm })) return timing('low_enough')
  if (lowestNano !== undefined && cost >= lowestNano) return { kind: 'wait', ms }
  return { kind: 'wait', ms, lowest: { type: 'payout.price_seen', id: payout.id, at: now, data: { costNano: `${cost}` } } }
}

/** Why no way is open that may be open when the price has fallen. */
const DEAR: readonly (string | undefined)[] = [
  'fee_above_budget',
  'fee_budget_used',
  'insufficient_liquidity',
  'costs_more_than_not_paying',
]
const SHUT_FOR_NOW: typeof DEAR = [...DEAR, 'no_answer', 'rail_resting', 'rail_busy', 'rate_unavailable']

/** True while a chain is too dear, or does not answer: what it costs when it is open again nobody knows. */
function isChainShut({ candidates }: DecisionData): boolean {
  return candidates.some(({ rail, reason }) => railKind(rail) === 'evm' && SHUT_FOR_NOW.includes(reason))
}

function isDear({ candidates }: DecisionData): boolean {
  return candidates.some(({ reason }) => DEAR.includes(reason))
}

/** What the cheapest way would cost if chains took nothing: no price falls below it. */
function floorOf({ candidates }: DecisionData): NanoUsd {
  const floors = candidates.flatMap(({ verdict, terms }) => (terms && verdict !== 'impossible' ? [successSum(terms, ['gas'])] : []))
  return floors.reduce((a, b) => min(a, b))
}

type Seen = Readonly<{ lowestNano: NanoUsd; floor: NanoUsd; passedPpm: number }>

/** The price at which it goes: none while it looks; then the lowest, and above it ever more of what that has above the floor, by the square of time. */
function enough({ lowestNano, floor, passedPpm }: Seen): NanoUsd {
  const from = floorDivCount(3 * PPM, 8)
  if (passedPpm < from) return -1n
  const part = BigInt(floorDivCount((passedPpm - from) * PPM, PPM - from))
  const saved = max(lowestNano - floor, 0n)
  return lowestNano + (saved * part * part) / BigInt(PPM) ** 2n
}
