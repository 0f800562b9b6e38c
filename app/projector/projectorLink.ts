import type { Block } from '../../gateway/ports/journal.ts'
import type { ReadCursor } from '../../gateway/ports/readModel.ts'

/** What the projector's thread is started with. The key signs checkpoints of the audit log; the level is that of the operator's log. */
export type ProjectorStart = Readonly<{ readPath: string; auditPath: string; privateKeyPem: string; logLevel: string }>

/** `want` asks for the blocks after a seq, and says that everything up to it is shown. `ready` comes first, with where each file stands. */
export type FromProjector =
  | Readonly<{ kind: 'ready'; cursors: Readonly<Record<'read.db' | 'audit.db', ReadCursor>> }>
  | Readonly<{ kind: 'want'; after: number }>
  | Readonly<{ kind: 'failed'; message: string }>

/** The answer to `want`, as soon as there are such blocks. No blocks: the end. */
export type ToProjector = readonly Block[]
