import type { Books } from '../ports/books.ts'
import type { Ground } from '../ports/ground.ts'
import type { Suspense } from '../suspense/suspense.ts'
import { createBreakRecords } from './breakRecords.ts'
import type { ReconciliationContext } from './context.ts'
import { createExpected } from './expected.ts'
import { createReconciliation, type Reconciliation } from './reconciliation.ts'

const LOOK_AGAIN_MS = 1_000

type Parts = Pick<ReconciliationContext, 'closing' | 'tolerances' | 'log'> &
  Readonly<{ books: Books; suspense: Pick<Suspense, 'ask'>; onFatal: (error: unknown) => void }>

/** Rails beside the ledger, line by line. Call it before the books start, and `start` after the rails are watched. */
export function openReconciliation({ clock, ids, assetOf }: Pick<Ground, 'clock' | 'ids' | 'assetOf'>, parts: Parts): Reconciliation {
  const records = createBreakRecords(parts.books, assetOf)
  return createReconciliation({ ...parts, clock, ids, assetOf, records, expected: createExpected(parts.books), lookAgainMs: LOOK_AGAIN_MS })
}
