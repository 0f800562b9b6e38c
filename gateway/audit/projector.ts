import type { ReadModel } from '../ports/readModel.ts'
import type { AuditAnswers } from './log/auditAnswers.ts'
import type { Lag } from './projection/lag.ts'

/** What reads and audit proofs are answered from. It is built behind the journal, by a thread of its own. */
export type Projector = Readonly<{
  reads: ReadModel
  audit: AuditAnswers
  /** Resolves when the read model shows block `seq`; throws `reads_behind` after `deadlineMs`. */
  readAfter: (seq: number, deadlineMs: number) => Promise<void>
  /** How far it is behind, and why it stands still when it does. */
  lag: () => Lag & Readonly<{ failure?: string }>
}>
