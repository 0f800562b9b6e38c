import { type Records, recordsOf } from '../../ledger/process/recordsOf.ts'
import type { Books } from '../../ports/books.ts'
import { type Batch, stemOf } from './batch.ts'
import { evolve } from './evolve.ts'
import { type AppliedFact, type BatchFact, type BatchId, type RefusedData, type RowData, readFact } from './facts.ts'

/** So many refused rows fit into one thing of the archive. */
const ARCHIVED_TOGETHER = 40

/** All batches as the journal's facts make them. */
export type BatchRecords = Records<Batch> &
  Readonly<{
    /** The rows that are to be paid, in their order; none once it has its end. */
    rows(id: BatchId): readonly RowData[]
    refused(id: BatchId): readonly RefusedData[]
    /** The batch of a payout. */
    ofPayout(id: string): Batch | undefined
    byClaim(key: string): Batch | undefined
    /** Of a party, those without an end. */
    openOf(party: string): readonly Batch[]
  }>

const nameOf = { rows: (id: string) => `rows ${stemOf(id)}`, claim: (key: string) => `claim ${key}` }

/** Listens to the books; make it before they start. `endedKept`: see `createOrderedRecords`. */
export function createBatchRecords(books: Books, { endedKept }: { endedKept?: number } = {}): BatchRecords {
  const archive = books.archive('batch.store')
  const rows = new Map<BatchId, readonly RowData[]>()
  const refused = new Map<BatchId, readonly RefusedData[]>()

  const batches = recordsOf<Batch, AppliedFact>({
    books,
    name: 'batch.store',
    form: 2,
    read: readFact,
    idOf,
    evolve,
    isOpen: ({ status }) => status === 'staged' || status === 'open',
    names: namesIn,
    beside: {
      tables: { rows, refused },
      apply(fact, { id, status }) {
        if (fact.type === 'payout_batch.staged') rows.set(id, [...(rows.get(id) ?? []), ...fact.data.rows])
        if (status === 'ended' || status === 'abandoned') rows.delete(id)
        const more = refusedIn(fact)
        if (more.length > 0) refused.set(id, [...(refused.get(id) ?? []), ...more])
      },
      left({ id }) {
        const all = refused.get(id) ?? []
        for (let from = 0; from < all.length; from += ARCHIVED_TOGETHER)
          archive.put(`refused ${id} ${from}`, all.slice(from, from + ARCHIVED_TOGETHER))
        refused.delete(id)
      },
    },
    endedKept,
  })

  function archivedRefused({ id, refused: count }: Batch): readonly RefusedData[] {
    const found: RefusedData[] = []
    for (let from = 0; from < count; from += ARCHIVED_TOGETHER)
      found.push(...((archive.get(`refused ${id} ${from}`) ?? []) as readonly RefusedData[])) // As `left` put it.
    return found
  }

  return {
    ...batches,
    rows: (id) => rows.get(id) ?? [],
    refused(id) {
      const batch = batches.get(id)
      return refused.get(id) ?? (batch ? archivedRefused(batch) : [])
    },
    ofPayout: (id) => (id.startsWith('po_') ? batches.named(nameOf.rows(id)) : undefined),
    byClaim: (key) => batches.named(nameOf.claim(key)),
    openOf: (party) => batches.open().filter((batch) => batch.party === party),
  }
}

function idOf(fact: AppliedFact, named: (name: string) => Batch | undefined): string | undefined {
  return fact.type.startsWith('payout_batch.') ? fact.id : named(nameOf.rows(fact.id))?.id
}

/** By its rows' payouts, and by the claims that it took. */
function namesIn(fact: AppliedFact): readonly string[] {
  return fact.type === 'payout_batch.created' ? [nameOf.rows(fact.id), ...fact.data.claims.map(nameOf.claim)] : []
}

function refusedIn(fact: AppliedFact | BatchFact): readonly RefusedData[] {
  if (fact.type === 'payout_batch.created') return fact.data.refused
  if (fact.type !== 'payout_batch.row_refused') return []
  const { row, code, detail } = fact.data
  return [{ row, code, detail }]
}
