import { type NanoUsd, routerPolicy } from '../../costs/policy.ts'
import { volatilityPpbOf } from '../../costs/risks.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import { ceilDiv, min } from '../../money/integers.ts'
import { rootUp } from '../router/terms.ts'
import type { QuotePolicy } from './policy.ts'

/** Nobody is quoted less than half of what the market says: an amount so large has no price here. */
const SPREAD_PPM_MAX = 500_000n
/** A right to pay at today's rate until a time is worth 0.4 deviations over that time; parts per billion become millionths. */
const RIGHT = { num: 4n, den: 10n * 1_000n }

/** The pair of two assets, whichever way it goes. */
export function pairOf(one: Pick<Asset, 'code'>, other: Pick<Asset, 'code'>): string {
  return [one.code, other.code].sort().join('/')
}

/**
 * What a promised conversion costs, in millionths of what is converted: half of the pair's spread, which grows with the amount, and the price of the time until
 * it is covered, in which the market moves and the payer alone may choose. Rounded up.
 */
export function spreadPpm(
  { pairs, usual }: Pick<QuotePolicy, 'pairs' | 'usual'>,
  o: Readonly<{ from: Asset; to: Asset; worthNano: NanoUsd; seconds: number }>,
): bigint {
  if (sameAsset(o.from, o.to)) return 0n
  const { halfPpm, doublesAtNano } = pairs[pairOf(o.from, o.to)] ?? usual
  const half = halfPpm + ceilDiv(halfPpm * o.worthNano, doublesAtNano)
  const time = ceilDiv(volatilityPpbOf(o.from, o.to, routerPolicy) * rootUp(BigInt(o.seconds)) * RIGHT.num, RIGHT.den)
  return min(half + time, SPREAD_PPM_MAX)
}
