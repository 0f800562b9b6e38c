import type { NanoUsd } from '../../costs/policy.ts'
import { ceilDiv, min } from '../../money/integers.ts'

/** A way that cannot carry the whole: `times` payments of up to `units` each, and what one of that size is expected to cost. */
export type PartWay = Readonly<{ units: bigint; times: bigint; costNano: NanoUsd }>

/** One part: the place of its way in the list that was given, and its units. */
type Part = Readonly<{ place: number; units: bigint }>

/**
 * An amount over several ways: as few parts as it takes, and of those plans the one that is expected to cost least, each way's cost taken to grow with its
 * amount. The cheapest by the unit is filled first, and the dearest takes what is left. The parts sum to `units`. Undefined where `partsMax` do not carry it.
 */
export function fewestParts(units: bigint, ways: readonly PartWay[], partsMax: number): readonly Part[] | undefined {
  for (let count = 2; count <= partsMax; count++) {
    let best: Readonly<{ costNano: NanoUsd; parts: readonly Part[] }> | undefined
    for (const chosen of choices(ways, count)) {
      const plan = filled(units, ways, chosen)
      if (plan && (!best || plan.costNano < best.costNano)) best = plan
    }
    if (best) return best.parts
  }
  return undefined
}

/** Each choice of so many places, a way as often as it may be taken. */
function* choices(ways: readonly PartWay[], count: number, from = 0, taken: readonly number[] = []): Generator<readonly number[]> {
  if (count === 0) {
    yield taken
    return
  }
  for (let place = from; place < ways.length; place++) {
    const used = taken.filter((one) => one === place).length
    if (BigInt(used) < ways[place]!.times) yield* choices(ways, count - 1, place, [...taken, place])
  }
}

function filled(units: bigint, ways: readonly PartWay[], chosen: readonly number[]) {
  const byUnit = chosen.toSorted((a, b) => {
    const [one, other] = [ways[a]!, ways[b]!]
    const difference = one.costNano * other.units - other.costNano * one.units
    return difference < 0n ? -1 : difference > 0n ? 1 : a - b
  })
  let [left, costNano] = [units, 0n]
  const parts: Part[] = []
  for (const place of byUnit) {
    const way = ways[place]!
    const part = min(left, way.units)
    // A plan with one part less was looked for before.
    if (part === 0n) return undefined
    parts.push({ place, units: part })
    costNano += ceilDiv(way.costNano * part, way.units)
    left -= part
  }
  return left === 0n ? { costNano, parts } : undefined
}
