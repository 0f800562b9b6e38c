import { type Asset, USD } from '../../money/asset.ts'
import { min } from '../../money/integers.ts'
import type { Rate } from '../../money/rate.ts'
import { type Ratio, ratio } from '../../money/ratio.ts'
import type { PricedCode } from '../../ports/priceSource.ts'
import type { Price } from './accept.ts'
import type { Moment } from './moment.ts'

export type Prices = Readonly<Partial<Record<PricedCode, Price>>>

/** A rate, and since when the older of its two prices has been known. */
type Dated = Readonly<{ rate: Rate; observed: Moment }>

/** Prices that were believed at one time, never changed. `id` names them in every rate that is made of them. */
export type RateTable = Readonly<{
  id: string
  at: Moment
  prices: Prices
  /** Undefined where one of the two has no price. */
  rate(from: Asset, to: Asset): Dated | undefined
}>

const ONE: Ratio = { num: 1n, den: 1n }

/** Rates are worked out once a pair, so that one is read without arithmetic. */
export function rateTable(id: string, at: Moment, prices: Prices): RateTable {
  const known = new Map<string, Map<string, Dated>>()
  // An asset that has no price here is not among its keys.
  const priceOf = ({ code }: Asset): Price | undefined => (prices as Readonly<Record<string, Price | undefined>>)[code]

  function make(from: Asset, to: Asset): Dated | undefined {
    const [a, b] = [priceOf(from), priceOf(to)]
    if ((!a && from.id !== USD.id) || (!b && to.id !== USD.id)) return undefined
    const [worth, cost] = [a?.value ?? ONE, b?.value ?? ONE]
    // The smallest unit of `from` is worth so many dollars: worth / 10^scale; that of `to` likewise.
    const exact = ratio(worth.num * cost.den * 10n ** BigInt(to.scale), worth.den * cost.num * 10n ** BigInt(from.scale))
    const observed = [a, b].reduce((oldest, price) => (price ? older(oldest, price.observed) : oldest), at)
    return { rate: { from, to, ...exact, observedAt: observed.at, source: id }, observed }
  }

  return {
    id,
    at,
    prices,
    rate(from, to) {
      const kept = known.get(from.id)?.get(to.id)
      if (kept) return kept
      const made = make(from, to)
      if (made) known.set(from.id, new Map(known.get(from.id)).set(to.id, made))
      return made
    },
  }
}

function older(a: Moment, b: Moment): Moment {
  return { at: min(a.at, b.at), tick: min(a.tick, b.tick) }
}
