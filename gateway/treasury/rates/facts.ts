import type { Ratio } from '../../money/ratio.ts'
import type { Fact } from '../../ports/books.ts'
import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { PricedCode } from '../../ports/priceSource.ts'
import type { Verdict } from './combine.ts'
import type { RateTable } from './rateTable.ts'
import { type RatioText, ratioText } from './ratioText.ts'

/** What a market said, and what became of its word. Times in ms. */
type SourceData = Readonly<{
  source: string
  bid: RatioText
  ask: RatioText
  heardAt: number
  saidAt?: number
  verdict: Verdict
}>

/** Dollars for one whole unit. */
export type PriceData = Readonly<{ value: RatioText; bid: RatioText; ask: RatioText; observedAt: number }>

type RateFact =
  /** Prices that something was priced by; `id` (`rt_`) is the `source` of its rates. */
  | FactOf<
      'rates.used',
      string,
      Readonly<{ prices: Readonly<Partial<Record<PricedCode, PriceData & { sources: readonly SourceData[] }>>> }>
    >
  /** A coin of one dollar that is none from now on, and one that is one again; `id` is its code, `value` what it is. */
  | FactOf<'rates.broken' | 'rates.mended', PricedCode, Readonly<{ value?: RatioText }>>

const kinds = factKinds<RateFact>({ 'rates.used': true, 'rates.broken': true, 'rates.mended': true })

export const readRateFact = kinds.read

export function toPegFact(
  type: 'rates.broken' | 'rates.mended',
  o: Readonly<{ code: PricedCode; at: number; value: Ratio | undefined }>,
): Fact {
  return kinds.write({ type, id: o.code, at: o.at, data: o.value ? { value: ratioText(o.value) } : {} })
}

export function toRateFact(table: RateTable): Fact {
  const prices = Object.entries(table.prices).map(([code, { value, bid, ask, observed, judged }]) => {
    const sources = judged.map(({ source, heard, saidAt, verdict, ...said }) => {
      return {
        source,
        bid: ratioText(said.bid),
        ask: ratioText(said.ask),
        heardAt: heard.at,
        ...(saidAt === undefined ? {} : { saidAt }),
        verdict,
      }
    })
    return [code, { value: ratioText(value), bid: ratioText(bid), ask: ratioText(ask), observedAt: observed.at, sources }]
  })
  return kinds.write({ type: 'rates.used', id: table.id, at: table.at.at, data: { prices: Object.fromEntries(prices) } })
}
