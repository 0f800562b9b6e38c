import type { Money } from '../money/money.ts'
import type { PartiesFace } from '../parties/openParties.ts'
import type { PayinsFace } from '../payins/openPayins.ts'
import type { Payouts } from '../payouts/payout/payouts.ts'
import type { Books } from '../ports/books.ts'
import type { Ground } from '../ports/ground.ts'
import { createActionRecords } from './actionRecords.ts'
import type { SuspenseContext } from './context.ts'
import { createSuspense, type Suspense } from './suspense.ts'

type Parts = Pick<PayinsFace, 'settlements' | 'intents' | 'givenToIntent'> &
  Pick<PartiesFace, 'parties'> &
  Pick<SuspenseContext, 'log'> &
  Readonly<{
    books: Books
    payouts: Payouts
    /** What one operator does alone, in USD. */
    aloneMax: Money
    /** Told of an error that no step expects. */
    onFatal: (error: unknown) => void
  }>

/** The operator's hands on money of nobody. Call it before the books start, and `start` after the payouts have been taken up. */
export function openSuspense({ clock, ids, rates, usd, assetOf }: Ground, parts: Parts): Suspense {
  return createSuspense({ ...parts, clock, ids, rates, usd, records: createActionRecords(parts.books, assetOf) })
}
