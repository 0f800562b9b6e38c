import { costOfNotPaying, type NanoUsd } from '../../costs/policy.ts'
import type { Valuer } from '../../costs/valuer.ts'
import { floorDiv, max, min } from '../../money/integers.ts'
import { money } from '../../money/money.ts'
import { accountRail } from '../../ports/railName.ts'
import type { PayoutContext } from '../payoutState/context.ts'
import { type DecisionData, toMoneyData } from '../payoutState/facts.ts'
import type { PartWay, Payout } from '../payoutState/payout.ts'
import type { QuotedCandidate } from '../payoutState/quotedCandidate.ts'
import type { Possible } from '../router/candidate.ts'
import { cheapestParts, type PartWay as Priced } from '../router/cheapestParts.ts'
import { costOfFailure, costOfSuccess, priceTerms } from '../router/terms.ts'
import { quoteCandidates } from './candidates.ts'
import { inTime } from './inTime.ts'
import { worth } from './makeDecision.ts'
import { isReusable } from './railAmount.ts'
import { withLearned } from './withLearned.ts'
import { withPolicy } from './withPolicy.ts'

/** How often a way is asked for less, where it says that even what it has room for is too much. */
const ASKED_MAX = 3
/** What each part that is not needed must save: it is one more decision, one more payment to look after and one more line on a statement. A cent. */
const PART_SAVES_NANO = 10_000_000n
const PPM = 1_000_000n

/** A part as it is planned, and what it is expected to cost. `way` names a destination by its place among those that may be paid several times. */
export type PlannedPart = Readonly<{ units: bigint; way: PartWay; costNano: NanoUsd }>

type Planning = Pick<
  PayoutContext,
  'senders' | 'books' | 'feeBudget' | 'policy' | 'policyOf' | 'learned' | 'health' | 'clock' | 'feeListOf'
> &
  Readonly<{ valuer: Valuer }>
type Way = Priced & Readonly<{ way: PartWay; isRails: boolean }>

/**
 * How a payout is paid in parts that no way can pay whole, because it is too much for each; undefined where it is not. What each way has room for is asked of
 * its rail as a payment of its own, so that a part is planned only where its rail gives terms for it.
 */
export async function partsOf(
  context: Planning,
  payout: Payout,
  { quoted, slot }: Readonly<{ quoted: readonly QuotedCandidate[]; slot: boolean }>,
): Promise<readonly PlannedPart[] | undefined> {
  const judged = withPolicy(context, payout, quoted)
  const partsMax = min(payout.partsMax ?? 1, judged.partsMax)
  if (partsMax < 2 || judged.quoted.some(({ candidate }) => candidate.kind === 'possible')) return undefined
  const roomy = judged.quoted.filter(({ room }) => room !== undefined)
  const asked = await Promise.all(roomy.map((one) => priced(context, payout, { one, slot })))
  const ways = withoutShared(asked.filter((way) => way !== undefined))
  const planned = cheapestParts(payout.amount.units, ways, { partsMax, leastNano: PART_SAVES_NANO })
  const parts = planned?.map(({ place, units, costNano }) => ({ units, costNano, way: ways[place]!.way }))
  if (!parts) return undefined
  // What is left for the last of them is less than its way has room for, and may be less than its rail pays.
  const payable = await Promise.all(parts.map(({ units, way }) => ask(context, payout, { units, way, slot })))
  return payable.every((one) => one.candidate.kind === 'possible') ? parts : undefined
}

/**
 * Several destinations of one rail, or ways out of one account, have no more room than it has: where one of them has all of it, the cheapest of these stands
 * for it.
 */
function withoutShared(ways: readonly Way[]): readonly Way[] {
  const chosen = new Map<string, Way>()
  for (const one of ways) {
    const known = chosen.get(accountRail(one.way.rail))
    if (one.isRails && (!known || one.costNano * known.units < known.costNano * one.units)) chosen.set(accountRail(one.way.rail), one)
  }
  return ways.filter((one) => (chosen.get(accountRail(one.way.rail)) ?? one) === one)
}

/** The parts as a decision writes them down: destinations by their places among all of the payout's. */
export function partsData(payout: Payout, parts: readonly PlannedPart[]): NonNullable<DecisionData['parts']> {
  const own = destinationsOfParts(payout)
  return parts.map(({ units, way: { rail, destination }, costNano }) => ({
    rail,
    destination: payout.destinations.indexOf(own[destination]!),
    amount: toMoneyData(money(payout.amount.asset, units)),
    costNano: `${costNano}`,
  }))
}

/** Destinations of which a payout's parts may choose. */
export function destinationsOfParts({ destinations }: Pick<Payout, 'destinations'>): Payout['destinations'] {
  return destinations.filter(isReusable)
}

async function priced(
  context: Planning,
  payout: Payout,
  { one, slot }: Readonly<{ one: QuotedCandidate; slot: boolean }>,
): Promise<Way | undefined> {
  const { rail, destination } = one.candidate
  const place = destinationsOfParts(payout).indexOf(payout.destinations[destination]!)
  const way = { rail: rail as PartWay['rail'], destination: place } // What has room has been asked of a rail, so this is its name.
  let room = one.room
  for (let asked = 0; asked < ASKED_MAX && room; asked++) {
    const { units, times, isRails } = room
    const { candidate, room: less } = await ask(context, payout, { units, way, slot })
    if (candidate.kind === 'possible') {
      const costNano = costOfPart(context, payout, { candidate, units })
      return { units, times, costNano, fixedNano: await fixedOf(context, payout, { units, costNano, way, slot }), way, isRails }
    }
    room = less && { ...room, units: less.units }
  }
  return undefined
}

/** What a part of so much by this way is expected to cost: when it pays, and what it costs, and loses, when it does not. */
function costOfPart(context: Planning, payout: Payout, { candidate, units }: Readonly<{ candidate: Possible; units: bigint }>): bigint {
  const { router } = withPolicy(context, payout, [])
  const amountNano = worth({ ...payout, amount: money(payout.amount.asset, units) }, context.valuer)
  const terms = priceTerms(candidate, amountNano, router)
  const lost = costOfFailure(terms) + costOfNotPaying(amountNano, router)
  return (candidate.successPpm * costOfSuccess(terms) + (PPM - candidate.successPpm) * lost) / PPM
}

/** What a part costs at any size: where the line through its cost and that of half of it begins. Where that is less than nothing, nothing. */
async function fixedOf(
  context: Planning,
  payout: Payout,
  { units, costNano, way, slot }: Readonly<{ units: bigint; costNano: bigint; way: PartWay; slot: boolean }>,
): Promise<bigint> {
  const half = floorDiv(units, 2n)
  if (half === 0n) return 0n
  const { candidate } = await ask(context, payout, { units: half, way, slot })
  if (candidate.kind !== 'possible') return 0n
  const halfNano = costOfPart(context, payout, { candidate, units: half })
  return min(max((halfNano * units - costNano * half) / (units - half), 0n), costNano)
}

/** The terms for a part of so much by one way. */
async function ask(
  context: Planning,
  payout: Payout,
  { units, way, slot }: Readonly<{ units: bigint; way: PartWay; slot: boolean }>,
): Promise<QuotedCandidate> {
  // A part is a payout of its own, which nothing was tried for.
  const part = { ...payout, amount: money(payout.amount.asset, units), destinations: destinationsOfParts(payout), attempts: [] }
  const only = { ...part, destinations: [part.destinations[way.destination]!] }
  const senders = context.senders.filter(({ rail }) => rail === way.rail)
  const told = inTime(part, await quoteCandidates(only, { ...context, senders, slot }), context.clock.now())
  const judged = withPolicy(context, only, withLearned(context, only, { quoted: told, valuer: context.valuer })).quoted
  // A rail has a sender for each of its assets: the first that pays it.
  return judged.find(({ candidate }) => candidate.kind === 'possible') ?? judged.find(({ room }) => room) ?? judged[0]!
}
