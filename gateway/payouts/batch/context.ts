import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { Payouts } from '../payout/payouts.ts'
import type { PayoutLog } from '../payoutState/context.ts'
import type { BatchRecords } from './batchRecords.ts'
import type { BatchPolicy } from './policy.ts'

/** What every step needs. `stop` aborts when the service closes. */
export type BatchContext = Readonly<{
  books: Books
  payouts: Pick<Payouts, 'create' | 'check' | 'members' | 'find' | 'plan' | 'asking' | 'decision'>
  clock: Clock
  ids: IdSource
  policy: BatchPolicy
  log: PayoutLog
  records: BatchRecords
  stop: AbortSignal
}>
