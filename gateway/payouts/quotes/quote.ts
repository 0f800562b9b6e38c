import { invariant } from '../../errors/invariant.ts'
import type { Claim } from '../../ports/books.ts'
import type { PayoutId, QuoteId } from '../../ports/ids.ts'
import type { QuoteData, QuoteFact } from './facts.ts'

export const QUOTE_STATES = ['open', 'used', 'expired'] as const

/** What a payout will cost and bring, as the journal's facts make it. Times in ms. */
export type LockedQuote = QuoteData &
  Readonly<{
    id: QuoteId
    status: (typeof QUOTE_STATES)[number]
    createdAt: number
    payout: PayoutId | undefined
  }>

/** The quote after one more fact about it. It ends once, whatever comes in at the same time. */
export function evolve(quote: LockedQuote | undefined, fact: QuoteFact): LockedQuote {
  if (fact.type === 'quote.created') {
    invariant(!quote, `${fact.id} was created twice`)
    return { ...fact.data, id: fact.id, status: 'open', createdAt: fact.at, payout: undefined }
  }
  invariant(quote?.status === 'open', `${fact.type} ${fact.id} speaks of a quote that is not open`)
  return fact.type === 'quote.used' ? { ...quote, status: 'used', payout: fact.data.payout } : { ...quote, status: 'expired' }
}

/** A quote has one end: the payout that it became, or none. */
export function ending(id: QuoteId, as: PayoutId | 'expired'): Claim {
  return { key: `quote:${id}:ended`, fingerprint: as }
}

/** As it is at this time: nobody has to have swept it. */
export function statusAt({ status, expiresAt }: Pick<LockedQuote, 'status' | 'expiresAt'>, now: number): LockedQuote['status'] {
  return status === 'open' && now >= expiresAt ? 'expired' : status
}
