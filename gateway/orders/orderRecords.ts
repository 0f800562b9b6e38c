import { type Records, recordsOf } from '../ledger/process/recordsOf.ts'
import type { Asset } from '../money/asset.ts'
import type { Books } from '../ports/books.ts'
import { type OrderFact, type OrderId, readOrderFact } from './facts.ts'
import { evolve, type StandingOrder } from './order.ts'

export type OrderRecords = Records<StandingOrder> & Readonly<{ openOf: (party: string) => number }>

/** Orders as the facts make them. Make it before the books start. */
export function createOrderRecords(
  books: Books,
  assetOf: (id: string) => Asset,
  o: Readonly<{ endedKept?: number | undefined }> = {},
): OrderRecords {
  /** Those of each party that have not ended. */
  const openOf = new Map<string, readonly OrderId[]>()
  const records = recordsOf<StandingOrder, OrderFact>({
    books,
    name: 'orders.store',
    form: 1,
    read: readOrderFact,
    idOf: ({ id }) => id,
    evolve: (order, fact) => evolve(order, fact, assetOf),
    isOpen: ({ status }) => status !== 'ended',
    beside: {
      tables: { openOf },
      apply(_fact, { id, party, status }) {
        const others = (openOf.get(party) ?? []).filter((one) => one !== id)
        const now = status === 'ended' ? others : [...others, id]
        if (now.length > 0) openOf.set(party, now)
        else openOf.delete(party)
      },
    },
    ...o,
  })
  return { ...records, openOf: (party) => openOf.get(party)?.length ?? 0 }
}
