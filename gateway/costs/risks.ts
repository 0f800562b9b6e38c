import type { Asset } from '../money/asset.ts'
import { ceilDiv } from '../money/integers.ts'
import type { RailKind } from '../ports/railName.ts'
import type { NanoUsd, RouterPolicy } from './policy.ts'

const PPM = 1_000_000n

/** How far two assets stray from each other in the root of a second, in parts per billion. Two that both stray are taken to stray apart. */
export function volatilityPpbOf(one: Asset, other: Asset, { volatilityPpb }: Pick<RouterPolicy, 'volatilityPpb'>): bigint {
  return (volatilityPpb[one.code] ?? 0n) + (volatilityPpb[other.code] ?? 0n)
}

/** What it costs that payments of such a rail come back, shared out over all of them. Rounded up. */
export function reversalNanoOf(
  kind: RailKind,
  { returnedCostNano, returnedPpm }: Pick<RouterPolicy, 'returnedCostNano' | 'returnedPpm'>,
): NanoUsd {
  return ceilDiv(returnedCostNano * returnedPpm[kind], PPM)
}
