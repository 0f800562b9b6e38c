import type { Lister } from '../audit/lists/lister.ts'
import { saidMetadata } from '../ports/metadata.ts'
import { readOrderFact } from './facts.ts'

const listOrders: Lister = (fact) => {
  const known = readOrderFact(fact)
  if (known?.type === 'standing_order.created') {
    const { id, at, data } = known
    const about = { references: [data.reference], ...saidMetadata(data.metadata) }
    return [{ list: 'standing_orders', id, begins: { at, parties: [data.party] }, status: 'active', ...about }]
  }
  if (known?.type === 'standing_order.changed') return [{ list: 'standing_orders', id: known.id, status: known.data.status }]
  // An order is found by the payouts that it made.
  if (known?.type === 'standing_order.ran') return [{ list: 'standing_orders', id: known.id, references: [known.data.payout] }]
  return []
}

/** What standing orders change in lists. */
export const orderLists: readonly Lister[] = [listOrders]
