import { type Asset, BTC, EUR, USD } from '../../gateway/money/asset.ts'
import type { Clock, TestClock } from '../../gateway/ports/clock.ts'
import type { Ground } from '../../gateway/ports/ground.ts'
import type { GatewayConfig } from '../config/config.ts'
import { assetTable } from './assetTable.ts'
import { type OpenedRates, openRates } from './openRates.ts'
import { testClock } from './testClock.ts'
import { uuidIds } from './uuidIds.ts'

/** What every wing is handed, and the assets besides the one of balances that are converted to and from it. */
export type OpenedGround = Ground &
  Readonly<{
    otherAssets: readonly Asset[]
    assetOfLedger: (ledger: number) => string
    /** The clock once more, where a test may move it: on a local network. */
    testClock: TestClock | undefined
    /** The same prices once more, with what they were made of. */
    market: OpenedRates
  }>

/** Time, ids, the assets of this configuration and what they are worth. */
export function openGround(config: GatewayConfig): OpenedGround {
  const movable = config.network === 'local' ? testClock() : undefined
  const clock: Clock = movable ?? { now: () => Date.now(), elapsedMs: () => performance.now() }
  const { all, tokens, book: bookAsset, of } = assetTable(config)
  const ids = uuidIds(clock)
  const market = openRates(config, { clock, ids, tokens })
  return {
    clock,
    testClock: movable,
    ids,
    rates: market.rates,
    market,
    usd: USD,
    bookAsset,
    assets: all,
    assetOf: of,
    otherAssets: [BTC, EUR, ...(config.usBank ? [USD] : []), ...tokens].filter((asset) => asset.id !== bookAsset.id),
    assetOfLedger: (ledger) => all.find((asset) => asset.ledger === ledger)?.id ?? `ledger ${ledger}`,
  }
}
