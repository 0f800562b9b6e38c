import { type Records, recordsOf } from '../ledger/process/recordsOf.ts'
import type { Asset } from '../money/asset.ts'
import type { Books } from '../ports/books.ts'
import { readSuspenseFact } from '../suspense/facts.ts'
import { type Break, type BreakFact, evolve } from './break.ts'
import { type BreakId, type ReconciliationFact, readReconciliationFact } from './facts.ts'

export type BreakRecords = Records<Break>

/** All breaks as the journal's facts make them. Make it before the books start. `endedKept`: see `createOrderedRecords`. */
export function createBreakRecords(
  books: Pick<Books, 'archive' | 'remember'>,
  assetOf: (id: string) => Asset,
  { endedKept }: Readonly<{ endedKept?: number | undefined }> = {},
): BreakRecords {
  return recordsOf<Break, BreakFact>({
    books,
    name: 'reconciliation.breaks',
    form: 2,
    read(fact) {
      const own = readReconciliationFact(fact)
      if (own) return isOfBreak(own) ? own : undefined
      const hand = readSuspenseFact(fact)
      return hand?.type === 'suspense.booked' || hand?.type === 'suspense.canceled' ? hand : undefined
    },
    idOf: (fact, named) => (fact.id.startsWith('rb_') ? fact.id : named(fact.id)?.id),
    evolve: (one, fact) => evolve(one, fact, assetOf),
    isOpen: ({ status }) => status !== 'resolved',
    names: (fact) => (fact.type === 'reconciliation.break_asked' ? [fact.data.action] : []),
    endedKept,
  })
}

const NO_BREAK: ReadonlySet<ReconciliationFact['type']> = new Set([
  'reconciliation.matched',
  'reconciliation.statement_read',
  'reconciliation.day_proved',
])

function isOfBreak(fact: ReconciliationFact): fact is Extract<ReconciliationFact, { id: BreakId }> {
  return !NO_BREAK.has(fact.type)
}
