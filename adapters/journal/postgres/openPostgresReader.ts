import type { JournalReader } from '../../../gateway/ports/journal.ts'
import { connectionOf } from './connection.ts'
import { lastBlock } from './lease.ts'
import { readBlocks } from './readBlocks.ts'
import { createSession } from './session.ts'

const STATEMENT_MS = 30_000
const NOTHING = { seq: 0, hash: new Uint8Array(32) }

/**
 * Opens the journal in PostgreSQL to read, also while a gateway leads there: it takes no lease, makes no table and needs no more than SELECT on
 * `switchyard.journal`. `url`: see `connectionOf`.
 */
export function openPostgresReader(url: string): JournalReader {
  const session = createSession(connectionOf(url), { statementMs: STATEMENT_MS })
  return {
    read: (after) => readBlocks(session, after),
    head: async () => (await lastBlock(session)) ?? NOTHING,
    close: () => session.close(),
  }
}
