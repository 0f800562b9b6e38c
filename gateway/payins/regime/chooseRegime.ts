import type { NanoUsd } from '../../costs/policy.ts'
import { invariant } from '../../errors/invariant.ts'
import { ceilDiv, floorDiv, max, min } from '../../money/integers.ts'

/** A way to have payments settled, with what opening it costs and what each payment by it costs then, in nano-USD. */
export type RegimeCost<Name extends string = string> = Readonly<{ name: Name; opens: NanoUsd; each: NanoUsd }>

/**
 * What is known of who pays. `had`: payments of this payer for this route so far. `reached`: how many payers of such a route have made at least 1, 2, 3 ...
 * payments, in any measure, and nothing where too little is known; `payments`: of all of them together, in the same measure.
 */
export type Returning = Readonly<{ had: number; reached: readonly number[]; payments: number }>

/** - `only_way`: nothing else is offered, or nothing else is ever cheaper. - `may_not_return`: opening another would not be paid by the payments so far.
 *  - `returns`: this payer has come so often that opening pays. - `most_return`: so many payers of this route come again that opening pays at once.
 */
type RegimeReason = 'only_way' | 'may_not_return' | 'returns' | 'most_return'

/**
 * `order`: all that are offered, the best for the next payment first. `opensAfter`: how many payments are settled one by one before the one that is opened is
 * best; `boundPpm`: whatever comes, all of it costs at most so many millionths of what it costs who knew how often the payer comes.
 */
export type RegimeChoice<Name extends string = string> = Readonly<{
  order: readonly Name[]
  because: RegimeReason
  opens?: Name
  opensAfter?: number
  boundPpm: bigint
}>

const PPM = 1_000_000n
/** Nothing is opened so early that it could cost more than this, whatever the payers before did. */
const BOUND_MAX_PPM = 3n * PPM
/** Who has to come more often than this before opening pays is never told to. */
const AFTER_MAX = 1_000
/** Of each route it is counted how many payers came once, twice, and so on to here. */
export const COUNTED_MAX = 12
/** In place of what has no bound: against what costs nothing. */
const NO_BOUND_PPM = 1_000_000_000_000n

/**
 * Rent or buy, payment by payment. Without experience a payer's payments are settled one by one until the next would make them cost more than opening
 * would have: then whatever comes costs less than twice the best in hindsight (ski rental; Karlin et al., 1988). With it the number of payments is taken that
 * would have been cheapest over all payers of the route so far, never a later one. `offered` holds at least one that costs nothing to open.
 */
export function chooseRegime<Name extends string>(offered: readonly RegimeCost<Name>[], returning: Returning): RegimeChoice<Name> {
  const rent = rentOf(offered)
  invariant(rent, 'one of the ways to pay costs nothing to open')
  const plan = bestPlan(rent, offered, returning)
  const isBought = plan !== undefined && returning.had >= plan.after
  const first = isBought ? plan.regime : rent
  const rest = offered.filter((regime) => regime !== first).sort(byFirstPayment)
  const order = [first, ...rest].map(({ name }) => name)
  if (!plan) return { order, because: 'only_way', boundPpm: PPM }
  const because = isBought ? (plan.after === 0 ? 'most_return' : 'returns') : 'may_not_return'
  return { order, because, opens: plan.regime.name, opensAfter: plan.after, boundPpm: plan.boundPpm }
}

function rentOf<R extends RegimeCost>(offered: readonly R[]): R | undefined {
  return offered.filter(({ opens }) => opens === 0n).reduce<R | undefined>((best, r) => (best && best.each <= r.each ? best : r), undefined)
}

function byFirstPayment(a: RegimeCost, b: RegimeCost): number {
  const [left, right] = [a.opens + a.each, b.opens + b.each]
  return left < right ? -1 : left > right ? 1 : 0
}

/** `after`: so many payments are rented first. `expected`: what all payers of the route would have cost by it, where enough are known. */
type Plan<R extends RegimeCost> = Readonly<{ regime: R; after: number; expected: NanoUsd; boundPpm: bigint }>

/** Of plans without experience that which can do least harm; of those with it that which would have been cheapest. */
function bestPlan<R extends RegimeCost>(rent: R, offered: readonly R[], returning: Returning): Plan<R> | undefined {
  const isKnown = returning.reached.length > 0
  const plans = offered.flatMap((regime) => plansOf(regime, { rent, offered, returning, isKnown }))
  const costOf = ({ expected, boundPpm }: Plan<R>) => (isKnown ? expected : boundPpm)
  return plans.reduce<Plan<R> | undefined>((best, plan) => (best && costOf(best) <= costOf(plan) ? best : plan), undefined)
}

type About<R> = Readonly<{ rent: R; offered: readonly R[]; returning: Returning; isKnown: boolean }>

/** From the latest payment after which it may be opened to the first; without experience the latest alone. None where it never saves anything. */
function plansOf<R extends RegimeCost>(regime: R, { rent, offered, returning, isKnown }: About<R>): Plan<R>[] {
  if (regime.each >= rent.each) return []
  const breakEven = floorDiv(regime.opens, rent.each - regime.each)
  if (breakEven > BigInt(AFTER_MAX)) return []
  const latest = Number(breakEven) // not money: a count
  const afters = isKnown && latest < COUNTED_MAX ? Array.from({ length: latest + 1 }, (_, i) => latest - i) : [latest]
  const plans = afters.map((after) => ({
    regime,
    after,
    expected: costOverAll(rent, regime, { after, ...returning }),
    boundPpm: boundOf(rent, regime, { after, offered }),
  }))
  return plans.filter(({ after, boundPpm }) => after === latest || boundPpm <= BOUND_MAX_PPM)
}

/** What the payers so far would have cost, had each been moved after so many payments. */
function costOverAll(rent: RegimeCost, regime: RegimeCost, o: Readonly<{ after: number }> & Omit<Returning, 'had'>): NanoUsd {
  const rented = o.reached.slice(0, o.after).reduce((sum, payers) => sum + payers, 0)
  const opened = o.reached[o.after] ?? 0
  return rent.each * BigInt(rented) + regime.opens * BigInt(opened) + regime.each * BigInt(o.payments - rented)
}

/**
 * The most that it costs beside the best in hindsight. Both are made of straight lines, so the worst is at the first payment after opening, where two lines of
 * the best cross, or at no end.
 */
function boundOf(
  rent: RegimeCost,
  regime: RegimeCost,
  { after, offered }: Readonly<{ after: number; offered: readonly RegimeCost[] }>,
): bigint {
  const start = BigInt(after)
  const paid = (n: bigint) => (n <= start ? n * rent.each : start * rent.each + regime.opens + (n - start) * regime.each)
  const best = (n: bigint) => offered.map(({ opens, each }) => opens + n * each).reduce((least, cost) => min(least, cost))
  const corners = offered.flatMap((a) => offered.filter((b) => b.each < a.each && b.opens > a.opens).map((b) => crossing(a, b)))
  const worst = [start, start + 1n, ...corners.flatMap((n) => [n, n + 1n])].filter((n) => n > 0n).map((n) => ratio(paid(n), best(n)))
  const leastEach = offered.reduce((least, { each }) => min(least, each), rent.each)
  return [ratio(regime.each, leastEach), ...worst].reduce((most, one) => max(most, one), PPM)
}

function crossing(a: RegimeCost, b: RegimeCost): bigint {
  return floorDiv(b.opens - a.opens, a.each - b.each)
}

function ratio(paid: bigint, best: bigint): bigint {
  if (best === 0n) return paid === 0n ? PPM : NO_BOUND_PPM
  return ceilDiv(paid * PPM, best)
}
