import type { NanoUsd } from '../../costs/policy.ts'
import { ceilDiv, min } from '../../money/integers.ts'

/**
 * A way that cannot carry the whole: `times` payments of up to `units` each. One of `units` is expected to cost `costNano`; of that, `fixedNano` is met
 * whatever its size, and the rest grows with it.
 */
export type PartWay = Readonly<{ units: bigint; times: bigint; costNano: NanoUsd; fixedNano: NanoUsd }>

/** One part: the place of its way in the list that was given, its units, and what it is expected to cost. */
type Part = Readonly<{ place: number; units: bigint; costNano: NanoUsd }>

/**
 * An amount over several ways, none of which carries it: of all plans of at most `partsMax` parts the one that is expected to cost least, where each part that
 * is not needed must save `leastNano` besides. Exact: of a choice of ways the fixed costs are a sum, so the cheapest by the unit is filled first, and the
 * dearest takes what is left. The parts sum to `units`. Undefined where no plan carries it.
 */
export function cheapestParts(
  units: bigint,
  ways: readonly PartWay[],
  { partsMax, leastNano }: Readonly<{ partsMax: number; leastNano: NanoUsd }>,
): readonly Part[] | undefined {
  let best: Readonly<{ costNano: NanoUsd; parts: readonly Part[] }> | undefined
  for (let count = 2; count <= partsMax; count++) {
    for (const chosen of choices(ways, count)) {
      const plan = filled(units, ways, chosen)
      if (!plan) continue
      const costNano = plan.costNano + leastNano * BigInt(count)
      // Of equals the one of fewer parts.
      if (!best || costNano < best.costNano) best = { costNano, parts: plan.parts }
    }
  }
  return best?.parts
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
    const difference = (one.costNano - one.fixedNano) * other.units - (other.costNano - other.fixedNano) * one.units
    return difference < 0n ? -1 : difference > 0n ? 1 : a - b
  })
  let [left, costNano] = [units, 0n]
  const parts: Part[] = []
  for (const place of byUnit) {
    const way = ways[place]!
    const part = min(left, way.units)
    // A plan with one part less costs no more.
    if (part === 0n) return undefined
    const partNano = way.fixedNano + ceilDiv((way.costNano - way.fixedNano) * part, way.units)
    parts.push({ place, units: part, costNano: partNano })
    costNano += partNano
    left -= part
  }
  return left === 0n ? { costNano, parts } : undefined
}
