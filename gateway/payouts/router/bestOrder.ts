import type { NanoUsd } from '../../costs/policy.ts'
import { invariant } from '../../errors/invariant.ts'
import { ceilDiv } from '../../money/integers.ts'
import { nearly, nearOrder, roundedUpNear } from './nearly.ts'

/** One try: its chance in millionths, F when it pays and L when it fails, in nano-USD; none is negative. */
export type Try = Readonly<{ successPpm: bigint; onSuccess: NanoUsd; onFailure: NanoUsd }>

const PPM = 1_000_000n
/** The exact cost of an order of n tries is an integer over 10^(6n); this bounds the width of the numbers. */
const TRIES_LIMIT = 8
const SCALE = Array.from({ length: TRIES_LIMIT + 1 }, (_, power) => PPM ** BigInt(power))

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

/** An order whose cost is known: exactly, and as a double in nano-USD. */
type KnownOrder = Readonly<{ exact: bigint; near: number; length: number }>

export function knownOrder(order: readonly Try[], lost: NanoUsd): KnownOrder {
  const exact = exactCost(order, lost)
  return { exact, near: nearly(exact) / nearly(SCALE[order.length]!), length: order.length }
}

/** The expected cost of trying `first` and then an order that is known, in nano-USD, rounded up: by doubles where they leave no doubt of it. */
export function expectedCostBefore(first: Try, behind: KnownOrder): NanoUsd {
  const chance = nearly(first.successPpm)
  const near = (chance * nearly(first.onSuccess) + (1_000_000 - chance) * (nearly(first.onFailure) + behind.near)) / 1_000_000
  const sure = roundedUpNear(near)
  if (sure !== undefined) return sure
  const exact = tryCost(first) * SCALE[behind.length]! + (PPM - first.successPpm) * behind.exact
  return roundedUp(exact, behind.length + 1)
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
  invariant(max >= 1 && max <= TRIES_LIMIT, `a plan has 1 to ${TRIES_LIMIT} tries`)
  const sorted = worthTrying(tries, lost)
  return searchByDoubles(sorted, nearly(lost), max) ?? searchByIntegers(sorted, lost, max)
}

/** The same by integers alone: what `bestOrder` is held to. */
export function bestOrderByIntegers(tries: readonly Try[], lost: NanoUsd, max: number): number[] {
  return searchByIntegers(worthTrying(tries, lost), lost, max)
}

/** A try with its cost, exactly and as a double. */
type Sorted = Readonly<{ place: number; cost: bigint; success: bigint; near: number; chance: number }>

/** What is not beyond the loss, as in `isBeyondLoss`, by ascending cost a success. */
function worthTrying(tries: readonly Try[], lost: NanoUsd): Sorted[] {
  const rows: Sorted[] = []
  for (const [place, t] of tries.entries()) {
    const cost = tryCost(t)
    if (cost < t.successPpm * lost) rows.push({ place, cost, success: t.successPpm, near: nearly(cost), chance: nearly(t.successPpm) })
  }
  return rows.sort((a, b) => {
    const near = nearOrder(a.near * b.chance, b.near * a.chance)
    if (near !== 0) return near
    const [left, right] = [a.cost * b.success, b.cost * a.success]
    return left === right ? a.place - b.place : left < right ? -1 : 1
  })
}

/** Undefined where doubles cannot tell. */
function searchByDoubles(sorted: readonly Sorted[], lost: number, max: number): number[] | undefined {
  const width = Math.min(max, sorted.length) // not money: a count
  const best = new Array<number>(width + 1).fill(lost)
  // Bit k of row i: with k tries left, i is taken.
  const taken = new Array<number>(sorted.length).fill(0)
  for (let i = sorted.length - 1; i >= 0; i--) {
    const { near, chance } = sorted[i]!
    for (let k = width; k >= 1; k--) {
      const taking = (near + (1_000_000 - chance) * best[k - 1]!) / 1_000_000
      const order = nearOrder(taking, best[k]!)
      if (order === 0) return undefined
      if (order > 0) continue
      best[k] = taking
      taken[i]! |= 1 << k
    }
  }
  return placesOf(sorted, width, (i, k) => (taken[i]! & (1 << k)) !== 0)
}

/** Exact: W(., k) is an integer over 10^(6k). */
function searchByIntegers(sorted: readonly Sorted[], lost: NanoUsd, max: number): number[] {
  const width = Math.min(max, sorted.length) // not money: a count
  const best = SCALE.slice(0, width + 1).map((scale) => lost * scale)
  const taken: boolean[][] = []
  for (let i = sorted.length - 1; i >= 0; i--) {
    const { cost, success } = sorted[i]!
    const row = new Array<boolean>(width + 1).fill(false)
    for (let k = width; k >= 1; k--) {
      const with_ = cost * SCALE[k - 1]! + (PPM - success) * best[k - 1]!
      if (with_ > best[k]!) continue
      best[k] = with_
      row[k] = true
    }
    taken[i] = row
  }
  return placesOf(sorted, width, (i, k) => taken[i]![k]!)
}

function placesOf(sorted: readonly Sorted[], width: number, isTaken: (i: number, left: number) => boolean): number[] {
  const order: number[] = []
  for (let i = 0, k = width; i < sorted.length && k > 0; i++) {
    if (!isTaken(i, k)) continue
    order.push(sorted[i]!.place)
    k--
  }
  return order
}
