import type { Lister } from '../audit/lists/lister.ts'
import { saidMetadata } from '../ports/metadata.ts'
import { isExchangeFact, readFact } from './facts.ts'

/** What was made is listed by what it is; how it stands is of several payments. */
const listExchanges: Lister = (fact) => {
  const known = readFact(fact)
  if (!known || !isExchangeFact(known) || known.type !== 'exchange.created') return []
  const { party, pay, toPay, metadata } = known.data
  const amount = { asset: toPay.amount.asset.id, units: BigInt(toPay.amount.units) }
  const references = [toPay.payout, toPay.reference, ...(pay.kind === 'hold' ? [pay.hash, pay.invoice] : [pay.intent])]
  return [{ list: 'exchanges', id: known.id, begins: { at: known.at, parties: [party] }, amount, references, ...saidMetadata(metadata) }]
}

/** What exchanges change in lists. */
export const exchangeLists: readonly Lister[] = [listExchanges]
