import type { RouterPolicy } from '../../costs/policy.ts'
import { reversalNanoOf, volatilityPpbOf } from '../../costs/risks.ts'
import type { Valuer } from '../../costs/valuer.ts'
import { type Asset, sameAsset } from '../../money/asset.ts'
import { ceilDiv } from '../../money/integers.ts'
import { type Money, subtract } from '../../money/money.ts'
import { type RailName, railKind } from '../../ports/railName.ts'
import type { Estimate } from '../../ports/sender.ts'
import type { Beside } from '../router/candidate.ts'

type Terms = Estimate & { kind: 'possible' }
type Context = Readonly<{ rail: RailName; held: Asset; sent: Asset; valuer: Valuer; policy: RouterPolicy }>

const PPM = 1_000_000n
/** A block of bitcoin's chain, by which a Lightning payment is locked. */
const SECONDS_PER_BLOCK = 600n

/** The part of a fee that is no gas. */
export function feeBesideGas({ fee, gas }: Terms): Money {
  return gas ? subtract(fee, gas.now) : fee
}

/** What this way costs beside its fee, by the rail's word and the operator's prices. */
export function costsBeside({ gas, route }: Terms, { rail, held, sent, valuer, policy }: Context): Beside {
  const kind = railKind(rail)
  const lockedPpm = policy.lockedPpm[kind]
  const reversalNano = reversalNanoOf(kind, policy)
  return {
    ...(gas && { gasNano: valuer.nano(gas.high, 'up') }),
    ...(sameAsset(held, sent) ? {} : { volatilityPpb: volatilityPpbOf(held, sent, policy) }),
    ...(route && { secondsLocked: ceilDiv(BigInt(route.lockBlocks) * SECONDS_PER_BLOCK * lockedPpm, PPM) }),
    ...(reversalNano > 0n && { reversalNano }),
  }
}
