import type { Asset } from '../money/asset.ts'
import type { Clock, IdSource } from './clock.ts'
import type { Rates } from './rates.ts'

/** What every wing is handed: time, ids, the assets in use and their prices. */
export type Ground = Readonly<{
  clock: Clock
  ids: IdSource
  rates: Rates
  /** What prices are named in. */
  usd: Asset
  /** The asset of balances. */
  bookAsset: Asset
  /** Every asset in use, this one among them. */
  assets: readonly Asset[]
  /** By its id, as the journal names it; throws `unsafe_configuration` for one that is not in use. */
  assetOf: (id: string) => Asset
}>
