import type { Receipt } from '../../audit/receipt/receipt.ts'
import type { Asset } from '../../money/asset.ts'
import type { Books, Fact } from '../../ports/books.ts'
import { owedUnder } from '../refund/owed.ts'
import { type PaymentStatus, paymentStatus } from './paymentStatus.ts'

/** A payment by its receipt, and what became of it, as these facts tell it. */
export type KnownPayment = Readonly<{ receipt: Receipt; status: PaymentStatus; facts: readonly Fact[] }>
export type FindPayment = (receipt: string) => Promise<KnownPayment | undefined>

/** Nobody's receipt has another id, so nothing is read for one. */
const RECEIPT_ID = /^rc_[0-9a-f]{32}$/

/** Finds a payment by the id of its receipt, however old, with a few look-ups by key. Throws `reads_behind` when what is durable can not be told yet. */
export function createStatusReader(o: {
  books: Pick<Books, 'balance'>
  assetOf: (id: string) => Asset
  bookAsset: Asset
  /** A receipt as it was issued. */
  receiptOf: (id: string) => Promise<Receipt | undefined>
  /** What was said of a request or an intent, in order. */
  factsOf: (subject: string) => Promise<readonly Fact[]>
}): FindPayment {
  /** What waited for the payer of this receipt has left. */
  function gone({ id, paid }: Receipt): boolean {
    return owedUnder(o.books, id, [o.assetOf(paid.asset), o.bookAsset])?.isGone ?? false
  }

  return async (id) => {
    const receipt = RECEIPT_ID.test(id) ? await o.receiptOf(id) : undefined
    if (!receipt) return undefined
    const facts = await o.factsOf(receipt.payment.startsWith('pi_') ? receipt.payment : receipt.id)
    return { receipt, status: paymentStatus(receipt, facts, () => gone(receipt)), facts }
  }
}
