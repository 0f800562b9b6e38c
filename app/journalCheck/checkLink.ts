import type { AccountNames, JournalVerdict, LiveBalances } from '../../gateway/audit/reconcile/checkJournal.ts'
import type { JournalHead } from '../../gateway/ports/journal.ts'

/** Where the journal is: a file, or a database by its URL. */
export type JournalPlace = Readonly<{ kind: 'file'; path: string } | { kind: 'postgres'; url: string }>

/** What the thread is started with: the journal, and the block up to which it is checked. */
export type CheckStart = Readonly<{ place: JournalPlace; head: JournalHead }>

/** `compare` asks what the books have of these accounts. `found` comes last. */
export type FromCheck =
  | Readonly<{ kind: 'read'; block: number }>
  | Readonly<{ kind: 'compare'; accounts: AccountNames }>
  | Readonly<{ kind: 'found'; verdict: JournalVerdict }>

/** The answer to `compare`. */
export type ToCheck = LiveBalances
