import type { Receipt, ReceiptSigner } from '../../audit/receipt/receipt.ts'
import type { Money } from '../../money/money.ts'
import type { Payee, Splits } from '../../parties/party/splits.ts'
import type { EntryId, SplitKey } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Intent } from '../intent/intent.ts'
import { receiptContent } from './receiptContent.ts'

/**
 * Issues the receipt of an intent that `entry` settles. `asked` is the part of `paid` that was due; what is beyond it is surplus. `credit` is what the payee
 * got.
 */
export function intentReceipt(
  receipts: ReceiptSigner,
  o: { intent: Intent; payee: Payee; rail: RailName; paid: Money; asked: Money; credit: Money; entry: EntryId },
): Receipt {
  const { intent, payee, rail, paid, entry } = o
  return receipts.issue(
    receiptContent({
      id: receipts.nextId(),
      payment: intent.id,
      resource: `payment_intent ${intent.id}`,
      price: intent.amount,
      rail,
      paid,
      converted: o.asked,
      credit: o.credit,
      state: 'settled',
      payee,
      entry,
    }),
  )
}

/** Reads the payee of an intent. */
export function payeeOf(intent: Intent, splits: Splits): Payee | undefined {
  if (intent.payee.kind === 'split') return { kind: 'split', split: splits.get(intent.payee.id as SplitKey) }
  const { id } = intent.payee
  const split = splits.houseOf(id)
  return split ? { kind: 'party', party: id, split } : undefined
}
