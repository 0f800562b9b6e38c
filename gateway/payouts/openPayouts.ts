import type { Logger } from 'pino'
import type { FirstDays } from '../guard/firstDays/firstDays.ts'
import type { Books } from '../ports/books.ts'
import type { Ground } from '../ports/ground.ts'
import type { InvoiceReader } from '../ports/invoiceReader.ts'
import type { Recaller } from '../ports/recaller.ts'
import type { Sender } from '../ports/sender.ts'
import type { InFlight } from '../ports/statement.ts'
import { type Batches, batchOwner, createBatches } from './batch/batches.ts'
import { createBatchRecords } from './batch/batchRecords.ts'
import { batchPolicy } from './batch/policy.ts'
import type { FeePolicy } from './fees/policy.ts'
import { memberShares } from './netting/entries.ts'
import { createNetRecords } from './netting/netRecords.ts'
import { createNetting, type Netting } from './netting/netting.ts'
import { netPolicy } from './netting/policy.ts'
import { createPayouts, type Payouts } from './payout/payouts.ts'
import type { PayoutLimits } from './payoutState/limits.ts'
import { payoutPolicy } from './payoutState/policy.ts'
import { type QuotePolicy, quotePolicy } from './quotes/policy.ts'
import { createQuoteRecords } from './quotes/quoteRecords.ts'
import { createQuotes, type Quotes } from './quotes/quotes.ts'
import { createRecalls, type Recalls } from './recalls/recalls.ts'
import { feeListOf, type ScheduleRow } from './schedules/schedule.ts'
import type { RailWallet } from './withdrawal/context.ts'
import { createWithdrawals, type Withdrawals } from './withdrawal/withdrawals.ts'

/** What the payouts' wing shows. */
export type PayoutsFace = Readonly<{
  payouts: Payouts
  netting: Netting
  batches: Batches
  quotes: Quotes
  recalls: Recalls
  withdrawals: Withdrawals
}>

type OpenedPayouts = PayoutsFace &
  Readonly<{
    /** What left, or may have, and has no end that the books know. */
    inFlight: () => InFlight[]
    /** After the books have started: looks up every open try, then goes on with all that has no end. */
    start: () => Promise<void>
    close: () => Promise<void>
  }>

type Parts = Readonly<{
  books: Books
  senders: readonly Sender[]
  /** What payments may cost the operator. */
  fees: FeePolicy
  /** How much may be under way for one party, and to one payee. */
  limits: PayoutLimits
  /** What a gateway's first days allow. */
  firstDays: Pick<FirstDays, 'fitsPayout' | 'admitPayout'>
  /** What promised payouts cost and may come to; as `quotePolicy` when absent. */
  quoting?: QuotePolicy
  /** When the copy was made that the books were restored from (ms); undefined for others. */
  restoredFrom?: number | undefined
  readInvoice: InvoiceReader
  /** What rails charge that are not configured, by their lists. */
  schedules: readonly ScheduleRow[]
  /** Names of lists that say what rails charge, in place of the rails themselves, by rail or kind of rail. */
  feeLists: Readonly<Record<string, string>>
  /** Coins on chain that the operator can have sent, where a rail has such. */
  chainWallet: RailWallet | undefined
  /** Rails that can be asked for what they have paid. */
  recallers: readonly Recaller[]
  /** Where it says which arrivals are payouts that came back. */
  arrivals: Readonly<{ add: (owner: Readonly<{ returnedPayout: Payouts['returned'] }>) => void }>
  log: Logger
  /** Told of an error that no step expects: the process must exit and replay. */
  onFatal: (error: unknown) => void
}>

/** Money out. Call it before the books start. */
export function openPayouts(ground: Ground, parts: Parts): OpenedPayouts {
  const {
    books,
    senders,
    fees,
    limits,
    firstDays,
    quoting = quotePolicy,
    restoredFrom,
    readInvoice,
    schedules,
    feeLists,
    arrivals,
    log,
    onFatal,
  } = parts
  const { clock, ids, rates, usd, bookAsset, assetOf } = ground
  const policy = { ...payoutPolicy, fees, limits, restoredFrom }
  const payouts = createPayouts({
    books,
    senders,
    rates,
    clock,
    ids,
    usd,
    policy,
    firstDays,
    readInvoice,
    schedules,
    feeListOf: feeListOf(schedules, feeLists),
    log,
    onFatal,
  })
  const nets = createNetRecords(books)
  const netting = createNetting({ books, payouts, clock, ids, policy: netPolicy, records: nets, log, onFatal })
  payouts.addSourceOwner(memberShares(nets))
  const records = createBatchRecords(books)
  const batches = createBatches({ books, payouts, clock, ids, policy: batchPolicy, records, log, onFatal })
  payouts.addSourceOwner(batchOwner(records))
  const quotes = createQuotes({ books, payouts, rates, clock, ids, usd, policy: quoting, records: createQuoteRecords(books), log, onFatal })
  arrivals.add({ returnedPayout: payouts.returned })
  const recalls = createRecalls({ books, payouts, recallers: parts.recallers, clock, ids, log, onFatal })
  const withdrawals = createWithdrawals({ books, wallet: parts.chainWallet, clock, ids, assetOf, bookAsset, log, onFatal })
  return {
    payouts,
    netting,
    batches,
    quotes,
    recalls,
    withdrawals,
    inFlight: () => [...payouts.inFlight(), ...withdrawals.inFlight()],
    async start() {
      await payouts.resume()
      netting.start()
      batches.start()
      quotes.start()
      recalls.start()
      withdrawals.start()
    },
    async close() {
      await recalls.close()
      await quotes.close()
      await withdrawals.close()
      await batches.close()
      await netting.close()
      await payouts.close()
    },
  }
}
