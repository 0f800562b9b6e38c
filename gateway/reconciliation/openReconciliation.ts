import type { SignedProof } from '../audit/reconcile/threeWay.ts'
import type { Books } from '../ports/books.ts'
import type { Ground } from '../ports/ground.ts'
import type { Suspense } from '../suspense/suspense.ts'
import { createBreakRecords } from './breakRecords.ts'
import type { ReconciliationContext } from './context.ts'
import { createDayProofs, createProofRecords } from './dayProofs.ts'
import { createExpected } from './expected.ts'
import type { MovingSides } from './lookAtRails.ts'
import { createReconciliation, type Reconciliation } from './reconciliation.ts'
import { createSentPayments } from './sentPayments.ts'

const LOOK_AGAIN_MS = 1_000
/** What is younger may be between two reads. */
const SETTLED_MS = 30_000
const SETTLE_MS = 1_000

/** `moving`: rails without statements. `proofNow`: the three legs as they stand now, signed for a day. */
type Parts = Pick<ReconciliationContext, 'closing' | 'tolerances' | 'log'> &
  Readonly<{
    books: Books
    moving: Omit<MovingSides, 'books' | 'sent' | 'settledMs' | 'settleMs'>
    proofNow: (day: string) => Promise<SignedProof>
    suspense: Pick<Suspense, 'ask'>
    onFatal: (error: unknown) => void
  }>

/** Rails beside the ledger, line by line. Call it before the books start, and `start` after the rails are watched. */
export function openReconciliation({ clock, ids, assetOf }: Pick<Ground, 'clock' | 'ids' | 'assetOf'>, parts: Parts): Reconciliation {
  const { books } = parts
  const records = createBreakRecords(books, assetOf)
  const proofs = createDayProofs({ ...parts, records: createProofRecords(books), clock })
  const moving = { ...parts.moving, books, sent: createSentPayments(books), settledMs: SETTLED_MS, settleMs: SETTLE_MS }
  const own = { clock, ids, assetOf, records, expected: createExpected(books), lookAgainMs: LOOK_AGAIN_MS }
  return createReconciliation({ ...parts, ...own, moving, proofs })
}
