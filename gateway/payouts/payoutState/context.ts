import { type Submitted, submitForGood } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import type { Books, Claim, Submission } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Rates } from '../../ports/rates.ts'
import type { Sender } from '../../ports/sender.ts'
import type { FeeBudget } from '../fees/feeBudget.ts'
import type { Health } from '../health/health.ts'
import type { Learned } from '../learning/learned.ts'
import type { RoutingPolicy } from '../routingPolicy/routingPolicy.ts'
import type { ScheduleRow } from '../schedules/schedule.ts'
import type { Load } from './load.ts'
import type { PayoutRecords } from './payoutRecords.ts'
import type { PayoutPolicy } from './policy.ts'

/** What this room writes to: fields first, then a sentence, as pino takes them. */
export type PayoutLog = Readonly<Record<'info' | 'warn' | 'error', (fields: object, text: string) => void>>

/** What every step needs. `stop` aborts when the service closes. */
export type PayoutContext = Readonly<{
  books: Books
  senders: readonly Sender[]
  rates: Rates
  clock: Clock
  ids: IdSource
  policy: PayoutPolicy
  usd: Asset
  feeBudget: FeeBudget
  load: Load
  /** What earlier tries have taught. */
  learned: Learned
  /** The price list that the operator has set for a rail in place of its word, valid or the last that was; undefined where there is none. */
  feeListOf?: (rail: RailName, at: number) => ScheduleRow | undefined
  /** Which rails answer. */
  health: Health
  readInvoice: InvoiceReader
  /** What a party says of how its payouts are to go. */
  policyOf: (party: string) => RoutingPolicy | undefined
  log: PayoutLog
  records: PayoutRecords
  stop: AbortSignal
}>

/**
 * Makes one step durable, however long the books do not know: a try has a new id each time, and no claim keeps it from being made twice, so what may have
 * been taken is never decided anew.
 */
export function submitStep({ books, stop }: Pick<PayoutContext, 'books' | 'stop'>, step: Submission): Promise<Submitted> {
  return submitForGood(books, step, stop)
}

/** An attempt and a payout are closed once each, whatever comes in late. */
export function closing(id: string, as: 'settled' | 'failed'): Claim {
  return { key: id.startsWith('at_') ? `attempt:${id}:closed` : `payout:${id}:closed`, fingerprint: as }
}
