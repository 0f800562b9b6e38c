import type { Telling } from '../events/telling/telling.ts'
import { readInvoiceFact } from './facts.ts'
import { numberText } from './invoice.ts'

/** Who buys is not told: whoever may read the invoice reads it there. */
const tellInvoices: Telling = (fact, scene) => {
  const known = readInvoiceFact(fact)
  if (!known) return []
  const { id, data } = known
  const { intent, payee, dueOn, metadata } = data
  const told = {
    id,
    number: numberText(data),
    payment_intent: intent,
    payee: payee.id,
    amount: scene.amount(data.amount),
    due_on: dueOn,
    metadata,
  }
  return [{ type: 'invoice.issued', subject: id, parties: scene.partiesOf(payee.id), data: told }]
}

/** What invoices tell. Whether they are paid is told of their intents. */
export const invoiceEvents: readonly Telling[] = [tellInvoices]
