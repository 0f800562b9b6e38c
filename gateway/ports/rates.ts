import type { Asset } from '../money/asset.ts'
import type { Rate } from '../money/rate.ts'

/** Rates from memory: never waits, so it can be asked for every request. Throws `rate_unavailable` when a rate is missing or too old. */
export interface RateSource {
  rate(from: Asset, to: Asset): Rate
}
