import type { Books } from '../../ports/books.ts'
import type { PricedCode } from '../../ports/priceSource.ts'
import type { Known } from './accept.ts'
import { type PriceData, readRateFact } from './facts.ts'
import { TICK_BEFORE } from './moment.ts'
import { readRatioText } from './ratioText.ts'

export type RateMemory = Readonly<{
  /** What a gateway that starts knows of a code: its last price, which is too old to be used and a measure of the next, and whether it lost its dollar. */
  known: (code: PricedCode) => Known
}>

/** What was priced by, and which coins of one dollar are none, as the journal has it. Make it before the books start. */
export function createRateMemory({ books }: Readonly<{ books: Pick<Books, 'remember'> }>): RateMemory {
  const prices = new Map<string, PriceData>()
  const broken = new Set<string>()

  books.remember({
    name: 'rates.known',
    form: 1,
    tables: { prices, broken },
    apply(fact) {
      const rates = readRateFact(fact)
      if (rates?.type === 'rates.used')
        for (const [code, { sources: _, ...price }] of Object.entries(rates.data.prices)) prices.set(code, price)
      else if (rates?.type === 'rates.broken') broken.add(rates.id)
      else if (rates?.type === 'rates.mended') broken.delete(rates.id)
    },
  })

  return {
    known(code) {
      const price = prices.get(code)
      const observed = price && { at: price.observedAt, tick: TICK_BEFORE }
      return {
        ...(price &&
          observed && {
            price: {
              value: readRatioText(price.value),
              bid: readRatioText(price.bid),
              ask: readRatioText(price.ask),
              observed,
              judged: [],
            },
          }),
        // Nobody knows what it was while we were away: the six hours begin anew.
        ...(broken.has(code) && { broken: { nearSince: undefined } }),
        shut: true,
      }
    },
  }
}
