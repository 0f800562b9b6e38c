import { configuredRates } from '../../adapters/rates/configuredRates.ts'
import { type Asset, BTC, ETH, EUR, USD } from '../../gateway/money/asset.ts'
import type { Clock, TestClock } from '../../gateway/ports/clock.ts'
import type { Ground } from '../../gateway/ports/ground.ts'
import type { GatewayConfig } from '../config/config.ts'
import { assetTable } from './assetTable.ts'
import { testClock } from './testClock.ts'
import { uuidIds } from './uuidIds.ts'

/** What every wing is handed, and the assets besides the one of balances that are converted to and from it. */
export type OpenedGround = Ground &
  Readonly<{
    otherAssets: readonly Asset[]
    assetOfLedger: (ledger: number) => string
    /** The clock once more, where a test may move it: on a local network. */
    testClock: TestClock | undefined
  }>

/** Time, ids, the assets of this configuration and their configured prices. */
export function openGround(config: GatewayConfig): OpenedGround {
  const movable = config.network === 'local' ? testClock() : undefined
  const clock: Clock = movable ?? { now: () => Date.now() }
  const { prices } = config
  const { all, tokens, book: bookAsset, of } = assetTable(config)
  const named = [
    { asset: BTC, usd: prices.BTC },
    { asset: EUR, usd: prices.EUR },
    { asset: ETH, usd: prices.ETH },
  ]
  const rates = configuredRates([...named, ...tokens.map((asset) => ({ asset, usd: prices.USDC }))], clock)
  return {
    clock,
    testClock: movable,
    ids: uuidIds(clock),
    rates,
    usd: USD,
    bookAsset,
    assets: all,
    assetOf: of,
    otherAssets: [BTC, EUR, ...tokens].filter((asset) => asset.id !== bookAsset.id),
    assetOfLedger: (ledger) => all.find((asset) => asset.ledger === ledger)?.id ?? `ledger ${ledger}`,
  }
}
