import type { HeadOf } from '../audit/receipt/receiptChain.ts'
import type { PayinsFace } from '../payins/openPayins.ts'
import type { Payouts } from '../payouts/payout/payouts.ts'
import type { PayoutLog } from '../payouts/payoutState/context.ts'
import type { Books, Fact } from '../ports/books.ts'
import type { Ground } from '../ports/ground.ts'
import type { InvoiceReader } from '../ports/invoiceReader.ts'
import type { GivenRecords } from './givenRecords.ts'

/** What refunds of a payment are made and paid with. */
export type RefundContext = Pick<Ground, 'assetOf' | 'bookAsset' | 'clock' | 'ids' | 'rates' | 'usd'> &
  Pick<PayinsFace, 'findPayment' | 'challengeKeys'> &
  Readonly<{
    intents: Pick<PayinsFace['intents'], 'get'>
    books: Books
    payouts: Pick<Payouts, 'create' | 'get' | 'check'>
    readInvoice: InvoiceReader
    records: GivenRecords
    /** What was said of a receipt or a settlement, in order; throws `reads_behind`. */
    factsOf: (subject: string) => Promise<readonly Fact[]>
    /** Where the chain of a receipt stands. */
    headOf: HeadOf
    /** What the operator's reserve bears of a payee's refunds in a day at most, in units of USD. */
    reserveDayUnits: bigint
    log: PayoutLog
  }>
