import type { Books, Fact } from '../ports/books.ts'
import type { Ground } from '../ports/ground.ts'
import type { JournalStore } from '../ports/journal.ts'
import { type BooksOptions, createBooks } from './books/createBooks.ts'
import { factsAt } from './journal/factsAt.ts'

/** What the ledger's wing shows: the one call that makes things durable, and what stands in a block. */
export type LedgerFace = Readonly<{
  books: Books
  /** The facts of block `seq` of the journal. */
  factsAt: (seq: number) => Promise<readonly Fact[]>
}>

/** The books over this journal. They replay it when they are started, after every room has said what it remembers of facts. */
export function openLedger(ground: Ground, o: Omit<BooksOptions, 'clock' | 'basis'> & Readonly<{ journal: JournalStore }>): LedgerFace {
  // What rooms make of a fact rests on the assets in use too.
  const books = createBooks({ ...o, clock: ground.clock, basis: JSON.stringify(ground.assets) })
  return { books, factsAt: (seq) => factsAt(o.journal, seq) }
}
