import type { NanoUsd } from '../../costs/policy.ts'
import { ceilDiv, min } from '../../money/integers.ts'
import { bestOrderNear, exactCost, isBeyondLoss, type KnownTries, nearTries, type Try, tryCost } from './bestOrder.ts'
import type { DecideInput, Plan } from './decide.ts'
import { exactCostOf, lookAhead } from './lookahead.ts'
import { nearly } from './nearly.ts'
import { relativesOf } from './relatives.ts'
import { priceTerms, type Terms } from './terms.ts'

const PPM = 1_000_000n

type TermName = keyof Terms['success'] | keyof Terms['failure']

/**
 * By how much the first candidate's dominant term (the one with the largest share of its expected cost) must rise before another is tried
 * first: `inFavourOf` is that candidate's place, or undefined when then nothing is worth trying.
 */
export type Sensitivity = Readonly<{ term: TermName; termNano: NanoUsd; mustRiseByNano: NanoUsd; inFavourOf: number | undefined }>

/**
 * The exact threshold. Undefined for an empty plan, and for one that is not the best or is not known to be. What the present plan costs is a line over the
 * rise. What the best other costs is bent downwards and meets it once, so where lines meet is asked for the plan that is best there, from the dearest rise
 * downwards: three or four plans, each found exactly.
 */
export function wouldChangeIf(input: DecideInput, plan: Plan): Sensitivity | undefined {
  const winner = plan.order[0]
  if (winner === undefined) return undefined
  const { places, tries } = possibleTries(plan)
  const at = places.indexOf(winner)
  const first = tries[at]!
  const candidate = input.candidates[winner]!
  const verdict = plan.verdicts[winner]!
  // Only the best plan has a threshold.
  if (candidate.kind === 'impossible' || verdict.kind === 'impossible' || verdict.dearerByNano !== 0n) return undefined
  const dominant = dominantTerm(priceTerms(candidate, input.amountNano, input.policy), first.successPpm)
  const weight = dominant.when === 'success' ? first.successPpm : PPM - first.successPpm

  const risen = (by: NanoUsd): Try =>
    dominant.when === 'success' ? { ...first, onSuccess: first.onSuccess + by } : { ...first, onFailure: first.onFailure + by }
  const tryAt = (i: number, by: NanoUsd) => (i === at ? risen(by) : tries[i]!)
  const near = nearTries(tries)
  const lost = { exact: plan.lostNano, near: nearly(plan.lostNano) }
  const triesAt = (by: NanoUsd): KnownTries => {
    const { onSuccess, onFailure } = risen(by)
    const success = near.success.with(at, nearly(onSuccess))
    const failure = near.failure.with(at, nearly(onFailure))
    return { near: { ...near, success, failure }, exactAt: (i) => tryAt(i, by) }
  }
  const max = input.attemptsMax
  const relatives = max > 1 ? relativesOf(input.candidates, places) : undefined
  let isSure = true
  const planAt = (by: NanoUsd): RisingPlan => {
    if (!relatives) return inOrder(bestOrderNear(triesAt(by), lost, max))
    const { plan: step, isBest } = lookAhead({ tries: triesAt(by), relatives, lost, max })
    isSure &&= isBest
    return { first: step?.way, costAt: (rise) => exactCostOf(step, { left: max, tryAt: (i) => tryAt(i, rise), lost: lost.exact }) }
  }
  const inOrder = (order: readonly number[]): RisingPlan => ({
    first: order[0],
    costAt: (by) =>
      exactCost(
        order.map((i) => tryAt(i, by)),
        lost.exact,
      ) *
      PPM ** BigInt(max - order.length),
  })

  // Beyond `rise` the winner costs as much a success as not paying, so it is out. A dearer winner never returns to the first place.
  let rise = ceilDiv(first.successPpm * plan.lostNano - tryCost(first), weight)
  if (!isBeyondLoss(risen(rise), plan.lostNano)) return undefined
  const [now, steep] = lineOf(relatives ? planAt(0n) : inOrder(plan.order.map((place) => places.indexOf(place))))
  for (let other = planAt(rise); isSure && other.first !== at; ) {
    const [cost, flat] = lineOf(other)
    // The last rise at which the present plan costs no more than the other; at a tie of `rise` itself, the one before.
    const meeting = min((cost - now) / (steep - flat), rise - 1n)
    other = planAt(meeting)
    if (other.first !== at) rise = meeting
    else rise = meeting + 1n
  }
  const inFavour = planAt(rise).first
  if (!isSure) return undefined
  return {
    term: dominant.name,
    termNano: dominant.nano,
    mustRiseByNano: rise,
    inFavourOf: inFavour === undefined ? undefined : places[inFavour]!,
  }
}

function possibleTries(plan: Plan): { places: number[]; tries: Try[] } {
  const places: number[] = []
  const tries: Try[] = []
  for (const [place, verdict] of plan.verdicts.entries()) {
    if (verdict.kind === 'impossible') continue
    places.push(place)
    tries.push(plan.tryAt(place))
  }
  return { places, tries }
}

/** A plan by the way that it tries first, and what it is expected to cost exactly, times the same for every plan, when the winner's term rises by so much. */
type RisingPlan = Readonly<{ first: number | undefined; costAt(by: NanoUsd): bigint }>

/** What a plan costs without a rise, and how much more with each nano-dollar of it. */
function lineOf({ costAt }: RisingPlan): [now: bigint, slope: bigint] {
  const now = costAt(0n)
  return [now, costAt(1n) - now]
}

type Dominant = Readonly<{ name: TermName; nano: NanoUsd; when: 'success' | 'failure' }>

/** When each term is paid, in the order of `Terms`: a term that is new there is asked for here too. */
const WHEN: Readonly<Record<TermName, Dominant['when']>> = {
  fee: 'success',
  gas: 'success',
  batchShare: 'success',
  fxSpread: 'success',
  fxRisk: 'success',
  waitForFunds: 'success',
  capitalLocked: 'success',
  reversal: 'success',
  preference: 'success',
  liquidity: 'success',
  failureFee: 'failure',
  waitForFailure: 'failure',
  unknown: 'failure',
}
const NAMES = Object.keys(WHEN) as TermName[] // They are its keys.

/** The term with the largest expected share; the first of equals, in the order of `Terms`. With every term zero: the fee. */
function dominantTerm(terms: Terms, successPpm: bigint): Dominant {
  const nano: Readonly<Record<TermName, NanoUsd>> = { ...terms.success, ...terms.failure }
  const rows = NAMES.map((name): Dominant => ({ name, nano: nano[name], when: WHEN[name] }))
  const share = (row: Dominant) => row.nano * (row.when === 'success' ? successPpm : PPM - successPpm)
  return rows.reduce((best, row) => (share(row) > share(best) ? row : best))
}
