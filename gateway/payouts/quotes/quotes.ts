import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { createSweeper } from '../../ledger/process/sweeper.ts'
import type { Money } from '../../money/money.ts'
import type { PayoutView } from '../payoutState/view.ts'
import type { QuoteContext } from './context.ts'
import { createQuoting } from './createQuote.ts'
import { toQuoteFact } from './facts.ts'
import { ending, type LockedQuote } from './quote.ts'
import { type UseQuote, useQuote } from './useQuote.ts'
import { type QuoteView, sentOf, viewQuote } from './view.ts'

/** Expired in one sweep, so that a sweep never holds the process. */
const EXPIRE_AT_ONCE_MAX = 500
const EXPIRE_EVERY_MS = 1_000

export type Quotes = ReturnType<typeof createQuotes>

/** Makes quotes, uses them and expires them. Its records must have been made before the books started. */
export function createQuotes(context: QuoteContext & Readonly<{ onFatal: (error: unknown) => void }>) {
  const { records, clock, books, log } = context
  const create = createQuoting(context)
  const sweeper = createSweeper(expireDue, EXPIRE_EVERY_MS)

  function get(id: string): LockedQuote {
    const quote = records.get(id)
    if (!quote) throw new GatewayError('not_found', `There is no quote ${id.slice(0, 60)}`)
    return quote
  }

  async function expire({ id }: LockedQuote): Promise<void> {
    const fact = toQuoteFact({ type: 'quote.expired', id, at: clock.now(), data: {} })
    try {
      await submitUntilKnown(books, { claims: [ending(id, 'expired')], facts: [fact] })
    } catch (error) {
      if (!isGatewayError(error)) throw error
      log.warn({ quote: id, code: error.code }, 'a quote could not be expired; it is tried again')
    }
  }

  /** One that was used at the same moment stays so: its one end is taken. */
  async function expireDue(): Promise<void> {
    await Promise.all(records.due(clock.now(), EXPIRE_AT_ONCE_MAX).map(expire))
  }

  return {
    create,
    get: (id: string): QuoteView => viewQuote(get(id), clock.now()),
    view: (quote: LockedQuote): QuoteView => viewQuote(quote, clock.now()),
    /** All that leaves the balance when it is used. */
    sent: (id: string): Money => sentOf(get(id)),
    /** See `useQuote`. */
    use: (id: string, use: UseQuote): Promise<PayoutView> => useQuote(context, get(id), use),
    expireDue,
    start: (): void => sweeper.start(context.onFatal),
    close: sweeper.close,
  }
}
