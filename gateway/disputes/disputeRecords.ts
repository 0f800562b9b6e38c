import { type Records, recordsOf } from '../ledger/process/recordsOf.ts'
import { type DisputeFact, readDisputeFact } from '../payins/dispute/facts.ts'
import type { Books } from '../ports/books.ts'
import type { AssetOf, Dispute } from './dispute.ts'
import { evolve } from './evolve.ts'

/** All disputes as the journal's facts make them. `openOf`: how many of a payee are not decided. */
export type DisputeRecords = Records<Dispute> & Readonly<{ openOf: (payee: string) => number }>

/** Listens to the books; make it before they start. `endedKept`: see `createOrderedRecords`. */
export function createDisputeRecords(
  books: Pick<Books, 'archive' | 'remember'>,
  assetOf: AssetOf,
  { endedKept }: Readonly<{ endedKept?: number | undefined }> = {},
): DisputeRecords {
  const openOf = new Map<string, number>()
  const records = recordsOf<Dispute, DisputeFact>({
    books,
    name: 'disputes',
    form: 1,
    read: readDisputeFact,
    idOf: ({ id }) => id,
    evolve: (dispute, fact) => evolve(dispute, fact, assetOf),
    isOpen: ({ end }) => end === undefined,
    beside: {
      tables: { openOf },
      apply({ type }, { data: { payee } }) {
        const change = type === 'dispute.opened' ? 1 : type === 'dispute.decided' ? -1 : 0
        const now = (openOf.get(payee) ?? 0) + change
        if (now > 0) openOf.set(payee, now)
        else openOf.delete(payee)
      },
    },
    endedKept,
  })
  return { ...records, openOf: (payee) => openOf.get(payee) ?? 0 }
}
