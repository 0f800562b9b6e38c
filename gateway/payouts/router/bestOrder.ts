import type { NanoUsd } from '../../costs/policy.ts'
import { invariant } from '../../errors/invariant.ts'
import { ceilDiv } from '../../money/integers.ts'
import { type NearTries, nearly, nearOrder } from './nearly.ts'

/** One try: its chance in millionths, F when it pays and L when it fails, in nano-USD; none is negative. */
export type Try = Readonly<{ successPpm: bigint; onSuccess: NanoUsd; onFailure: NanoUsd }>

const PPM = 1_000_000n
/** The exact cost of an order of n tries is an integer over 10^(6n); this bounds the width of the numbers. */
const TRIES_LIMIT = 8
/** The powers of a million. */
export const SCALE = Array.from({ length: TRIES_LIMIT + 1 }, (_, power) => PPM ** BigInt(power))

/** s*F + (1-s)*L of one try, in nano-USD times 10^6. */
export function tryCost(t: Try): bigint {
  return t.successPpm * t.onSuccess + (PPM - t.successPpm) * t.onFailure
}

/**
 * True when the try costs as much a success as not paying at all: the stop rule. No plan gains by it, since
 * c + (1-s)*W >= s*P + (1-s)*W >= W for every rest of a plan that costs W <= P.
 */
export function isBeyondLoss(t: Try, lost: NanoUsd): boolean {
  return tryCost(t) >= t.successPpm * lost
}

/** The exact expected cost of trying in this order and then giving up, as an integer over 10^(6 * order.length) nano-USD. */
export function exactCost(order: readonly Try[], lost: NanoUsd): bigint {
  invariant(order.length <= TRIES_LIMIT, `an order has at most ${TRIES_LIMIT} tries`)
  let cost = lost
  for (let i = order.length - 1, behind = 0; i >= 0; i--, behind++) {
    const t = order[i]!
    cost = tryCost(t) * SCALE[behind]! + (PPM - t.successPpm) * cost
  }
  return cost
}

/** The expected cost in nano-USD, rounded up. */
export function expectedCost(order: readonly Try[], lost: NanoUsd): NanoUsd {
  return roundedUp(exactCost(order, lost), order.length)
}

function roundedUp(exact: bigint, length: number): NanoUsd {
  return ceilDiv(exact, SCALE[length]!)
}

/**
 * The places of the tries that make the cheapest plan of at most `max`, in the order to try them; empty when not paying is cheaper.
 * Any set is best tried by ascending (s*F + (1-s)*L) / s (exchange argument), so the best set is found over that one order, from its end:
 * W(i, k) = min(W(i+1, k), c_i + (1-s_i) * W(i+1, k-1)). Ties go to the earlier place.
 * The answer is that of exact integers: doubles search, and where two numbers are too near for them to say which is smaller, integers do.
 */
export function bestOrder(tries: readonly Try[], lost: NanoUsd, max: number): number[] {
  return bestOrderNear({ near: nearTries(tries), exactAt: (i) => tries[i]! }, { exact: lost, near: nearly(lost) }, max)
}

/** Tries as doubles, and each of them exactly. */
export type KnownTries = Readonly<{ near: NearTries; exactAt(i: number): Try }>

/** The same of tries that are known as doubles. */
export function bestOrderNear(tries: KnownTries, lost: Lost, max: number): number[] {
  invariant(max >= 1 && max <= TRIES_LIMIT, `a plan has 1 to ${TRIES_LIMIT} tries`)
  const sorted = worthTrying(tries, lost)
  return searchByDoubles(sorted, lost.near, max) ?? searchByIntegers(sorted, tries, { lost: lost.exact, max })
}

/** The same by integers alone: what `bestOrder` is held to. */
export function bestOrderByIntegers(tries: readonly Try[], lost: NanoUsd, max: number): number[] {
  const known = { near: nearTries(tries), exactAt: (i: number) => tries[i]! }
  return searchByIntegers(worthTrying(known, { exact: lost, near: nearly(lost) }), known, { lost, max })
}

export function nearTries(tries: readonly Try[]): NearTries {
  return {
    chance: tries.map(({ successPpm }) => nearly(successPpm)),
    success: tries.map(({ onSuccess }) => nearly(onSuccess)),
    failure: tries.map(({ onFailure }) => nearly(onFailure)),
  }
}

/** Places by ascending cost a success, which is their `index`, and of each place its cost as in `tryCost` and its chance, as doubles. */
type Sorted = Readonly<{ places: readonly number[]; cost: readonly number[]; chance: readonly number[] }>

function nearTryCost({ chance, success, failure }: NearTries, i: number): number {
  return chance[i]! * success[i]! + (1_000_000 - chance[i]!) * failure[i]!
}

/** As `isBeyondLoss`. */
export function isBeyond({ near, exactAt }: KnownTries, i: number, lost: Lost): boolean {
  const side = nearOrder(nearTryCost(near, i), near.chance[i]! * lost.near)
  return side > 0 || (side === 0 && isBeyondLoss(exactAt(i), lost.exact))
}

/** What not paying costs. */
export type Lost = Readonly<{ exact: NanoUsd; near: number }>

/** What is not beyond the loss, as in `isBeyondLoss`. */
function worthTrying(known: KnownTries, lost: Lost): Sorted {
  const { exactAt } = known
  const { chance } = known.near
  const [places, cost, index]: [number[], number[], number[]] = [[], [], []]
  for (let place = 0; place < chance.length; place++) {
    const own = nearTryCost(known.near, place)
    cost.push(own)
    index.push(own / chance[place]!)
    if (isBeyond(known, place, lost)) continue
    let at = places.length
    for (; at > 0; at--) {
      const before = places[at - 1]!
      const order = nearOrder(index[place]!, index[before]!)
      if (order > 0 || (order === 0 && !costsLess(exactAt(place), exactAt(before)))) break
      places[at] = before
    }
    places[at] = place
  }
  return { places, cost, chance }
}

/** True when the one costs less a success; not when both cost the same. */
function costsLess(one: Try, other: Try): boolean {
  return tryCost(one) * other.successPpm < tryCost(other) * one.successPpm
}

/** Undefined where doubles cannot tell. */
function searchByDoubles({ places, cost, chance }: Sorted, lost: number, max: number): number[] | undefined {
  const width = Math.min(max, places.length) // not money: a count
  const best = new Array<number>(width + 1).fill(lost)
  // Bit k of row i: with k tries left, i is taken.
  const taken = new Array<number>(places.length).fill(0)
  for (let i = places.length - 1; i >= 0; i--) {
    const place = places[i]!
    for (let k = width; k >= 1; k--) {
      const with_ = (cost[place]! + (1_000_000 - chance[place]!) * best[k - 1]!) / 1_000_000
      const order = nearOrder(with_, best[k]!)
      if (order === 0) return undefined
      if (order > 0) continue
      best[k] = with_
      taken[i]! |= 1 << k
    }
  }
  return taking(places, width, (i, k) => (taken[i]! & (1 << k)) !== 0)
}

/** Exact: W(., k) is an integer over 10^(6k). */
function searchByIntegers({ places }: Sorted, { exactAt }: KnownTries, { lost, max }: { lost: NanoUsd; max: number }): number[] {
  const width = Math.min(max, places.length) // not money: a count
  const best = SCALE.slice(0, width + 1).map((scale) => lost * scale)
  const taken: boolean[][] = []
  for (let i = places.length - 1; i >= 0; i--) {
    const own = exactAt(places[i]!)
    const cost = tryCost(own)
    const row = new Array<boolean>(width + 1).fill(false)
    for (let k = width; k >= 1; k--) {
      const with_ = cost * SCALE[k - 1]! + (PPM - own.successPpm) * best[k - 1]!
      if (with_ > best[k]!) continue
      best[k] = with_
      row[k] = true
    }
    taken[i] = row
  }
  return taking(places, width, (i, k) => taken[i]![k]!)
}

function taking(places: readonly number[], width: number, isTaken: (i: number, left: number) => boolean): number[] {
  const order: number[] = []
  for (let i = 0, k = width; i < places.length && k > 0; i++) {
    if (!isTaken(i, k)) continue
    order.push(places[i]!)
    k--
  }
  return order
}
