import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { type Asset, sameAsset, USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { Rate } from '../../gateway/money/rate.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { Rates } from '../../gateway/ports/rates.ts'

/** `usd` is the price of one whole unit of the asset in US dollars, as a decimal string. */
type ConfiguredPrice = Readonly<{ asset: Asset; usd: string }>

/** Rates from fixed prices, crossed through the dollar. Exact: a rate is a ratio of two integers. */
export function configuredRates(prices: readonly ConfiguredPrice[], clock: Clock): Rates {
  /** Dollars (6 places) for one whole unit, and the smallest units in one whole unit. */
  const table = new Map([[USD.id, { usdUnits: 10n ** BigInt(USD.scale), whole: 10n ** BigInt(USD.scale) }]])
  for (const { asset, usd } of prices) table.set(asset.id, { usdUnits: parseAmount(usd, USD).units, whole: 10n ** BigInt(asset.scale) })

  function rate(from: Asset, to: Asset): Rate {
    const [a, b] = [table.get(from.id), table.get(to.id)]
    if (!a || !b) throw new GatewayError('rate_unavailable', `There is no rate from ${from.code} to ${to.code}`)
    const common = { from, to, observedAt: clock.now(), source: 'configuration' }
    if (sameAsset(from, to)) return { ...common, num: 1n, den: 1n }
    // from's smallest unit is worth a.usdUnits / a.whole dollars-units; to's likewise.
    return { ...common, num: a.usdUnits * b.whole, den: a.whole * b.usdUnits }
  }

  return { rate, peek: rate }
}
