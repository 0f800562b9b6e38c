import type { Lister } from '../audit/lists/lister.ts'
import { readLinkFact } from './facts.ts'

/** Whether it may be paid by now is shown with it; the index knows whether its seller lets it. */
const listLinks: Lister = (fact, { partiesOf }) => {
  const known = readLinkFact(fact)
  if (!known) return []
  const list = 'payment_links'
  const { id } = known
  if (known.type !== 'payment_link.created') return [{ list, id, status: known.type === 'payment_link.activated' ? 'active' : 'inactive' }]
  const { payee, amount, metadata } = known.data
  const begins = { at: known.at, parties: partiesOf(payee.id) }
  return [
    { list, id, begins, status: 'active', metadata, ...(amount ? { amount: { asset: amount.asset, units: BigInt(amount.units) } } : {}) },
  ]
}

/** What payment links change in lists. */
export const linkLists: readonly Lister[] = [listLinks]
