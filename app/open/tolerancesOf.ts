import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { RailName } from '../../gateway/ports/railName.ts'
import type { RailTolerance } from '../../gateway/reconciliation/context.ts'
import type { GatewayConfig } from '../config/config.ts'

/** What may differ at a rail without a person, in the assets in use. Throws `unsafe_configuration` for another. */
export function tolerancesOf({ reconciliation }: Pick<GatewayConfig, 'reconciliation'>, assets: readonly Asset[]): RailTolerance[] {
  return reconciliation.tolerances.map(({ rail, asset: code, kind, amount }) => {
    const asset = assets.find((one) => one.code === code || one.id === code)
    if (!asset) {
      throw new GatewayError('unsafe_configuration', `reconciliation.tolerances names ${code}, which is not in use`, {
        hint: `Name one of ${assets.map((one) => one.code).join(', ')}.`,
      })
    }
    return { rail: rail as RailName, kind, amount: parseAmount(amount, asset) }
  })
}
