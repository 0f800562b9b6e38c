import type { Asset } from '../../money/asset.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { RateSource } from '../../ports/rates.ts'
import type { Payouts } from '../payout/payouts.ts'
import type { PayoutLog } from '../payoutState/context.ts'
import type { QuotePolicy } from './policy.ts'
import type { QuoteRecords } from './quoteRecords.ts'

export type QuoteContext = Readonly<{
  books: Books
  payouts: Pick<Payouts, 'create' | 'check' | 'quote' | 'asking'>
  rates: RateSource
  clock: Clock
  ids: IdSource
  usd: Asset
  policy: QuotePolicy
  log: PayoutLog
  records: QuoteRecords
}>
