import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { NetId } from '../../ports/ids.ts'
import type { Payouts } from '../payout/payouts.ts'
import type { PayoutLog } from '../payoutState/context.ts'
import type { NetRecords } from './netRecords.ts'
import type { NetPolicy } from './policy.ts'
import type { NetPrice } from './timing.ts'

/** What every step needs. */
export type NetContext = Readonly<{
  books: Books
  payouts: Pick<Payouts, 'create' | 'check' | 'quote' | 'asking' | 'members'>
  clock: Clock
  ids: IdSource
  policy: NetPolicy
  log: PayoutLog
  records: NetRecords
  /** What the payments of open nets cost, as it was asked last. */
  prices: Map<NetId, NetPrice>
}>
