import type { ReadModel } from '../../ports/readModel.ts'
import type { Faces } from './faces.ts'

/** How long a read waits for the read model to show what was acknowledged before it. */
const READ_WAIT_MS = 2_000

/** The read model, once it shows whatever was acknowledged before the call; throws `reads_behind`. */
export async function shownNow({ audit, ledger }: Pick<Faces, 'audit' | 'ledger'>): Promise<ReadModel> {
  await audit.projector.readAfter(ledger.books.head().seq, READ_WAIT_MS)
  return audit.projector.reads
}
