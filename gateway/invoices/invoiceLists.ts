import type { Lister } from '../audit/lists/lister.ts'
import { readInvoiceFact } from './facts.ts'
import { numberText } from './invoice.ts'

/** Found by its number and its intent; whether it is paid is shown with it. */
const listInvoices: Lister = (fact, { partiesOf }) => {
  const known = readInvoiceFact(fact)
  if (!known) return []
  const { id, at, data } = known
  const { payee, amount, metadata, intent } = data
  const begins = { at, parties: partiesOf(payee.id) }
  const priced = { asset: amount.asset, units: BigInt(amount.units) }
  return [{ list: 'invoices', id, begins, amount: priced, metadata, references: [intent, numberText(data)] }]
}

/** What invoices change in lists. */
export const invoiceLists: readonly Lister[] = [listInvoices]
