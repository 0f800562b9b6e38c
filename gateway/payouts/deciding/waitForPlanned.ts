import { NANO_USD } from '../../costs/nanoUsd.ts'
import type { NanoUsd, RouterPolicy } from '../../costs/policy.ts'
import { costOfWaiting } from '../../costs/waiting.ts'
import { ceilDiv, floorDivCount } from '../../money/integers.ts'
import { formatAmount } from '../../money/money.ts'
import type { CandidateData, DecisionData } from '../payoutState/facts.ts'
import { type Payout, triesOf } from '../payoutState/payout.ts'
import type { QuotedCandidate } from '../payoutState/quotedCandidate.ts'
import { tryCost } from '../router/bestOrder.ts'
import type { Impossibility } from '../router/candidate.ts'
import { goodFundsAt } from './inTime.ts'
import { failureSum, successSum } from './termSums.ts'

/** Why a way is slow or busy just now, and was not refused. */
const SLOW: readonly (Impossibility | undefined)[] = ['no_answer', 'rail_resting', 'rail_busy', 'slots_used']

type Bounds = Readonly<{
  now: number
  waitMsMax: number
  lookMs: number
  router: Pick<RouterPolicy, 'waitNanoPerSecond' | 'capitalPptPerSecond'>
}>

/**
 * The candidates where the way that a batch's plan has for a payout is waited for, because it is slow or busy just now and the next best, which `data` would
 * have tried, costs more: every other way is shut meanwhile. Undefined where the payout goes on. It waits so long at most, only while that costs less than it
 * saves, and never so long that the other way would be too late.
 */
export function waitForPlanned(
  payout: Payout,
  o: Readonly<{ quoted: readonly QuotedCandidate[]; data: DecisionData }>,
  bounds: Bounds,
): readonly QuotedCandidate[] | undefined {
  const { planned } = payout
  const next = o.data.candidates[o.data.order[0] ?? -1]
  if (planned?.costNano === undefined || !next?.terms || triesOf(payout) > 0) return undefined
  const slow = o.data.candidates.find(({ rail, destination }) => rail === planned.rail && destination === planned.destination)
  if (!slow || !SLOW.includes(slow.reason)) return undefined
  const savedNano = costOf(next) - planned.costNano
  if (!mayWait(payout, { savedNano, secondsToFunds: BigInt(next.secondsToFunds ?? '0'), worthNano: BigInt(o.data.worthNano) }, bounds))
    return undefined
  const saved = formatAmount({ asset: NANO_USD, units: savedNano })
  const detail = `it costs ${saved} USD more than ${planned.rail}, which is slow just now and is waited for first`
  return o.quoted.map((one) => {
    const { kind, rail, destination } = one.candidate
    if (kind === 'impossible') return one
    return { candidate: { kind: 'impossible', rail, destination, reason: 'waits_for_planned', detail }, quote: undefined }
  })
}

/** When such a payout looks again: soon at first, then ever less often, and at the end of its waiting. */
export function lookAgainMs(
  { decision }: Pick<Payout, 'decision'>,
  { now, waitMsMax, lookMs }: Omit<Bounds, 'router'>,
): number | undefined {
  const since = decision?.waitsSince
  if (since === undefined) return undefined
  const passed = now - since
  return Math.max(Math.min(floorDivCount(passed, 4), waitMsMax - passed), lookMs) // not money: a time
}

type Gain = Readonly<{ savedNano: NanoUsd; secondsToFunds: bigint; worthNano: NanoUsd }>

function mayWait({ decision, deliverBy, sendBy }: Payout, { savedNano, secondsToFunds, worthNano }: Gain, bounds: Bounds): boolean {
  const { now, waitMsMax, lookMs, router } = bounds
  const passed = now - (decision?.waitsSince ?? now)
  if (passed >= waitMsMax) return false
  const seconds = ceilDiv(BigInt(passed + lookMs), 1_000n)
  if (costOfWaiting({ seconds, amountSeconds: worthNano * seconds }, router) >= savedNano) return false
  // As long as it may look once more and take the other way then.
  const again = now + 2 * lookMs
  if (sendBy !== undefined && again > sendBy) return false
  return deliverBy === undefined || goodFundsAt(secondsToFunds, again) <= deliverBy
}

/** What a success by this way costs, as the plan reckons it, without what other rows lose by it. */
function costOf({ terms, successPpm = '1000000' }: CandidateData): NanoUsd {
  const ppm = BigInt(successPpm)
  if (!terms || ppm === 0n) return 0n
  return ceilDiv(tryCost({ successPpm: ppm, onSuccess: successSum(terms, ['preference']), onFailure: failureSum(terms) }), ppm)
}
