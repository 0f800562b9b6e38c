import { GatewayError } from '../../errors/gatewayError.ts'
import type { Asset } from '../../money/asset.ts'
import type { RatesRead } from '../../ports/rates.ts'
import type { ReferenceBook } from '../rates/referenceBook.ts'
import { type BooksRates, booksRates } from './booksRates.ts'

/** What the operator's books are summed in, and by which rates: of now, with those between currencies of a day. */
export type Valuation = Readonly<{ currency: Asset; by: (date?: string) => BooksRates }>

type Parts = Readonly<{ market: RatesRead; currency: Asset; reference: Pick<ReferenceBook, 'name' | 'on'> | undefined }>

export function createValuation({ market, currency, reference }: Parts): Valuation {
  return {
    currency,
    by(date) {
      const day = reference?.on(date)
      if (date !== undefined && !day) throw withoutDay(date, reference?.name)
      return booksRates(market, reference && day && { source: reference.name, day })
    },
  }
}

function withoutDay(date: string, name: string | undefined): GatewayError {
  const message =
    name === undefined ? 'This gateway asks nobody for reference rates' : `${name} has no rates of ${date} or the days before it`
  const hint =
    name === undefined ? 'Leave rates_of out, or give rates.ecb in the configuration.' : 'Ask for a day of the last three months.'
  return new GatewayError('invalid_request', message, { hint })
}
