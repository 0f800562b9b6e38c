import { type Records, recordsOf } from '../../ledger/process/recordsOf.ts'
import type { Books } from '../../ports/books.ts'
import { type PassFact, readPassFact } from './facts.ts'
import { isOwing, type Pass, passAfter } from './pass.ts'

export type PassRecords = Pick<Records<Pass>, 'get' | 'open' | 'openCount' | 'onChange'>

/** Passes as the journal's facts make them: those that have not ended, or owe their payer, are in memory. Make it before the books start. */
export function createPassRecords(
  books: Pick<Books, 'archive' | 'remember'>,
  o: Readonly<{ endedKept?: number | undefined }> = {},
): PassRecords {
  return recordsOf<Pass, PassFact>({
    books,
    name: 'pass.store',
    form: 3,
    endedKept: o.endedKept,
    read: readPassFact,
    idOf: ({ id }) => id,
    evolve: passAfter,
    isOpen: (pass) => !pass.ended || isOwing(pass),
  })
}
