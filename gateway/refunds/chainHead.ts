import { type ChainHead, headOf } from '../audit/receipt/receiptUpdate.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import type { RefundContext } from './refundContext.ts'

/** The last entry of a receipt's chain, asked for anew: what is known of the payment may be older. */
export async function chainHead({ headOf: last }: Pick<RefundContext, 'headOf'>, { receipt }: KnownPayment): Promise<ChainHead> {
  return (await last(receipt.id)) ?? headOf(receipt)
}
