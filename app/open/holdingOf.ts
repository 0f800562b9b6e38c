import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { HoldPolicy } from '../../gateway/payins/regime/collectWhen.ts'
import { DUST_UNITS, holdPolicy } from '../../gateway/payins/regime/holding.ts'
import type { CollectConfig } from '../config/collectConfig.ts'
import type { GatewayConfig } from '../config/config.ts'
import { exposureOf } from './exposureOf.ts'

const MS_PER_S = 1_000

/** When what is held is collected: the house's rule, with what the configuration says in its place. */
function holdingOf({ holdS, sharePpm, dustUsd }: CollectConfig = {}): Readonly<{ holding: HoldPolicy; dustUnits: bigint }> {
  const holding = {
    ...holdPolicy,
    holdMs: holdS === undefined ? holdPolicy.holdMs : holdS * MS_PER_S,
    shareMaxPpm: sharePpm === undefined ? holdPolicy.shareMaxPpm : BigInt(sharePpm),
  }
  return { holding, dustUnits: dustUsd === undefined ? DUST_UNITS : parseAmount(dustUsd, USD).units }
}

/** What is served before its money has come, and when that is collected. */
export function creditOf({ exposure, collect }: Pick<GatewayConfig, 'exposure' | 'collect'>) {
  return { exposure: exposureOf(exposure), ...holdingOf(collect) }
}
