import { createDueIndex } from '../../ledger/process/dueIndex.ts'
import { type Records, recordsOf } from '../../ledger/process/recordsOf.ts'
import type { Books } from '../../ports/books.ts'
import { type Counted, createTally } from '../payoutState/tally.ts'
import { type QuoteFact, readQuoteFact } from './facts.ts'
import { evolve, type LockedQuote } from './quote.ts'

/** Under this name all are counted. */
export const ALL = 'quotes'

/** All quotes as the journal's facts make them. */
export type QuoteRecords = Records<LockedQuote> &
  Readonly<{
    /** What is open, and what is on its way to be, by its party and all together. */
    tally(): Pick<ReturnType<typeof createTally>, 'withOne' | 'reserve'>
    /** Open ones whose time is over, the longest first; at most `most`. */
    due(now: number, most: number): LockedQuote[]
  }>

/** What a quote counts for. */
export function countedOf({ id, party, worthNano }: Pick<LockedQuote, 'id' | 'party'> & Readonly<{ worthNano: bigint }>): Counted {
  return { names: [ALL, party], group: id, worthNano }
}

/** Listens to the books; make it before they start. `endedKept`: see `createOrderedRecords`. */
export function createQuoteRecords(books: Books, { endedKept }: { endedKept?: number } = {}): QuoteRecords {
  let [tally, ends] = [createTally(), createDueIndex()]

  function place(quote: LockedQuote): void {
    const { id, status, expiresAt } = quote
    if (status === 'open') tally.stand(id, countedOf({ ...quote, worthNano: BigInt(quote.worthNano) }))
    else tally.end(id)
    ends.set(id, status === 'open' ? expiresAt : undefined)
  }

  const quotes = recordsOf<LockedQuote, QuoteFact>({
    books,
    name: 'quote.store',
    form: 1,
    read: readQuoteFact,
    idOf: ({ id }) => id,
    evolve,
    isOpen: ({ status }) => status === 'open',
    beside: {
      tables: {},
      apply: (_, quote) => place(quote),
      derive() {
        ;[tally, ends] = [createTally(), createDueIndex()]
        for (const quote of quotes.open()) place(quote)
      },
    },
    endedKept,
  })

  return { ...quotes, tally: () => tally, due: (now, most) => ends.due(now, most).map((id) => quotes.get(id)!) }
}
