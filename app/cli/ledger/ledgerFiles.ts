import { createPublicKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openAuditLog } from '../../../adapters/auditLog/sqlite/openAuditLog.ts'
import { openPostgresReader } from '../../../adapters/journal/postgres/openPostgresReader.ts'
import { readAnchor } from '../../../adapters/journal/sqlite/headAnchor.ts'
import { openJournalReader } from '../../../adapters/journal/sqliteReader/openJournalReader.ts'
import { openReadModel } from '../../../adapters/readModel/sqlite/openReadModel.ts'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import type { JournalHead, JournalReader } from '../../../gateway/ports/journal.ts'
import type { ReadModel } from '../../../gateway/ports/readModel.ts'

/** The books of a data folder, to read: of a gateway that runs or of one that has stopped. Nothing here writes. */
export type LedgerFiles = Readonly<{
  reads: () => ReadModel
  journal: () => JournalReader
  /** The head that is anchored beside the journal; undefined when nothing is. */
  anchor: () => JournalHead | undefined
  /** What the audit log has signed last, now and when it had receipts alone, with the key that must have signed it (PEM). */
  checkpoints: () => readonly Readonly<{ name: string; note: string; publicKeyPem: string }>[]
}>

/** `journalUrl` says that the journal is in PostgreSQL and not in the folder; the projections are in the folder either way. */
export function ledgerFiles(dataDir: string, journalUrl?: string): LedgerFiles {
  const path = (name: string) => {
    const file = join(dataDir, name)
    if (!existsSync(file)) {
      throw new GatewayError('not_found', `There is no ${name} in ${dataDir}`, {
        hint:
          name === 'journal.db'
            ? 'Name the folder of a gateway: --data DIR, as its dataDir. Where its journal is in PostgreSQL, add --journal URL or set SWITCHYARD_JOURNAL_URL.'
            : 'Name the folder of a gateway: --data DIR, as its dataDir.',
      })
    }
    return file
  }
  return {
    reads: () => openReadModel(path('read.db')),
    journal: () => (journalUrl === undefined ? openJournalReader(path('journal.db')) : openPostgresReader(journalUrl)),
    anchor: () => readAnchor(join(dataDir, 'journal.db.head')),
    checkpoints() {
      if (!existsSync(join(dataDir, 'audit.db'))) return []
      const log = openAuditLog(path('audit.db'))
      const [last, earlier] = [log.checkpoint(), log.earlier()]
      log.close()
      // Only its public half is used.
      const publicKey = createPublicKey(readFileSync(path('receipt-key.pem')))
      const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }) as string // A PEM is text.
      return [
        ...(last ? [{ name: 'checkpoint', note: last.note, publicKeyPem }] : []),
        ...(earlier ? [{ name: 'old checkpoint', note: earlier.note, publicKeyPem }] : []),
      ]
    },
  }
}
