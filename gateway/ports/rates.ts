import type { Asset } from '../money/asset.ts'
import type { Rate } from '../money/rate.ts'

/** Rates from memory: never waits, so it can be asked for every request. Throws `rate_unavailable` when a rate is missing or too old. */
export interface RateSource {
  /** For what something is priced by: what the rate was made of is written down. */
  rate(from: Asset, to: Asset): Rate
  /** How long, in ms, a promise at their rate may live at most; undefined where nothing is wrong with it, and of rates that stand still. */
  promiseMsMax?(from: Asset, to: Asset): number | undefined
}

/** The same rates, to be looked at: nothing is priced by them, and nothing is written. */
export interface RatesRead {
  peek(from: Asset, to: Asset): Rate
}

export type Rates = RateSource & RatesRead
