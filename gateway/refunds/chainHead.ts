import { headIn } from '../audit/receipt/receiptChain.ts'
import { type ChainHead, headOf } from '../audit/receipt/receiptUpdate.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import type { RefundContext } from './refundContext.ts'

/** The last entry of a receipt's chain. What is said of an intent and of its receipt is filed under each. */
export async function chainHead({ factsOf }: Pick<RefundContext, 'factsOf'>, { receipt, facts }: KnownPayment): Promise<ChainHead> {
  const all = receipt.payment.startsWith('pi_') ? [...facts, ...(await factsOf(receipt.id))] : facts
  return headIn(all, receipt.payment) ?? headIn(all, receipt.id) ?? headOf(receipt)
}
