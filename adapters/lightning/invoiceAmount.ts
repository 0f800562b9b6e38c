import type { ReadInvoice } from '../../gateway/ports/invoiceReader.ts'
import { refusedLock } from './lockLimit.ts'

/** Why this invoice can not be paid this very amount, or undefined. One that names an amount is paid that; one that leaves it open, what the payer says. */
export function refusedInvoiceAmount(
  { amountMsat: named, finalCltvBlocks }: Pick<ReadInvoice, 'amountMsat' | 'finalCltvBlocks'>,
  amountMsat: bigint,
): string | undefined {
  if (named === undefined || named === amountMsat) return refusedLock(finalCltvBlocks, amountMsat)
  return `the invoice is for ${named} msat, not for ${amountMsat} msat`
}
