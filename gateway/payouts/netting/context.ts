import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { PayoutLog } from '../payout/context.ts'
import type { Payouts } from '../payout/payouts.ts'
import type { NetRecords } from './netRecords.ts'
import type { NetPolicy } from './policy.ts'

/** What every step needs. */
export type NetContext = Readonly<{
  books: Books
  payouts: Pick<Payouts, 'create' | 'check' | 'quote' | 'members'>
  clock: Clock
  ids: IdSource
  policy: NetPolicy
  log: PayoutLog
  records: NetRecords
}>
