import { type Asset, EUR, sameAsset, USD } from '../../money/asset.ts'
import type { Rate } from '../../money/rate.ts'
import { type Ratio, ratio } from '../../money/ratio.ts'
import type { RatesRead } from '../../ports/rates.ts'
import type { ReferenceDay } from '../../ports/referenceRates.ts'

const ONE: Ratio = { num: 1n, den: 1n }

/** `said`: who says the rates between currencies, and of which day. */
export type BooksRates = RatesRead & Readonly<{ said: Readonly<{ source: string; date: string }> | undefined }>

type Reference = Readonly<{ source: string; day: ReferenceDay }>

/**
 * Rates to value books by: one currency in another by the authority's word of a day, which anybody can look up later; everything else by the market, in
 * dollars, and from there the same way. Without such a day all is the market's.
 */
export function booksRates(market: RatesRead, reference: Reference | undefined): BooksRates {
  if (!reference) return { peek: market.peek, said: undefined }
  const { source, day } = reference
  const observedAt = Date.parse(day.date)
  const perEuro = ({ id }: Asset) => (id === EUR.id ? ONE : day.perEuro.get(id))

  function between(from: Asset, to: Asset): Rate | undefined {
    const [a, b] = [perEuro(from), perEuro(to)]
    if (!a || !b) return undefined
    const exact = ratio(b.num * a.den * 10n ** BigInt(to.scale), b.den * a.num * 10n ** BigInt(from.scale))
    return { from, to, ...exact, observedAt, source: `${source} ${day.date}` }
  }

  return {
    said: { source, date: day.date },
    peek(from, to) {
      if (sameAsset(from, to)) return market.peek(from, to)
      const direct = between(from, to)
      if (direct) return direct
      const rest = to.id === USD.id ? undefined : between(USD, to)
      return rest ? through(market.peek(from, USD), rest) : market.peek(from, to)
    },
  }
}

/** The one after the other: as old as the older of them. */
function through(a: Rate, b: Rate): Rate {
  const observedAt = a.observedAt < b.observedAt ? a.observedAt : b.observedAt
  return { from: a.from, to: b.to, ...ratio(a.num * b.num, a.den * b.den), observedAt, source: `${a.source}, ${b.source}` }
}
