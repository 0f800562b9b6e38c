import type { NanoUsd } from '../../costs/policy.ts'
import { invariant } from '../../errors/invariant.ts'
import { ceilDiv } from '../../money/integers.ts'

/** One try: its chance in millionths, F when it pays and L when it fails, in nano-USD. */
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

/** The expected cost of trying `first` and then an order of `length` whose exact cost is known, in nano-USD, rounded up. */
export function expectedCostBefore(first: Try, behind: Readonly<{ exact: bigint; length: number }>): NanoUsd {
  const exact = tryCost(first) * SCALE[behind.length]! + (PPM - first.successPpm) * behind.exact
  return roundedUp(exact, behind.length + 1)
}

function roundedUp(exact: bigint, length: number): NanoUsd {
  return ceilDiv(exact, SCALE[length]!)
}

/**
 * The places of the tries that make the cheapest plan of at most `max`, in the order to try them; empty when not paying is cheaper.
 * Any set is best tried by ascending (s*F + (1-s)*L) / s (exchange argument), so the best set is found over that one order, from its end:
 * W(i, k) = min(W(i+1, k), c_i + (1-s_i) * W(i+1, k-1)). Exact: W(., k) is an integer over 10^(6k). Ties go to the earlier place.
 */
export function bestOrder(tries: readonly Try[], lost: NanoUsd, max: number): number[] {
  invariant(max >= 1 && max <= TRIES_LIMIT, `a plan has 1 to ${TRIES_LIMIT} tries`)
  const sorted = tries
    .map((t, place) => ({ place, cost: tryCost(t), success: t.successPpm }))
    .filter(({ cost, success }) => cost < success * lost) // The stop rule, as in `isBeyondLoss`.
    .sort((a, b) => {
      const left = a.cost * b.success
      const right = b.cost * a.success
      return left === right ? a.place - b.place : left < right ? -1 : 1
    })
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
  const order: number[] = []
  for (let i = 0, k = width; i < sorted.length && k > 0; i++) {
    if (!taken[i]![k]) continue
    order.push(sorted[i]!.place)
    k--
  }
  return order
}
