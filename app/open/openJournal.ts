import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openPostgresJournal } from '../../adapters/journal/postgres/openPostgresJournal.ts'
import { openSqliteJournal } from '../../adapters/journal/sqlite/openSqliteJournal.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'
import type { GatewayConfig } from '../config/config.ts'
import type { JournalPlace } from '../journalCheck/checkLink.ts'

/** How long a gateway that is no standby waits for the lease: longer than a killed predecessor's lasts. */
const LEASE_WAIT_MS = 30_000

/** `step` is told who leads, when that is waited for; `onLost` that another gateway took over, or that the journal could not be written. */
type JournalEvents = Readonly<{ step: (line: string) => void; onLost: (error: unknown) => void }>

type Configured = Pick<GatewayConfig, 'dataDir' | 'journal'>

/** Where another thread finds the configured journal, to read it. */
export function journalPlace(config: Configured): JournalPlace {
  return config.journal ? { kind: 'postgres', url: config.journal.postgres.url } : { kind: 'file', path: journalFile(config) }
}

function journalFile({ dataDir }: Configured): string {
  return join(dataDir, 'journal.db')
}

/** Opens the configured journal for writing: a file in the data folder, or a PostgreSQL database once no other gateway leads there. */
export async function openJournal(config: Configured, { step, onLost }: JournalEvents): Promise<JournalStore> {
  const file = journalFile(config)
  if (!config.journal) return openSqliteJournal(file)
  const { url, standby } = config.journal.postgres
  if (existsSync(file)) {
    throw new GatewayError('unsafe_configuration', `The configuration names a PostgreSQL journal, but ${file} holds one already`, {
      hint: 'Use another data folder for the new journal, or leave journal out of the configuration: two journals would be two sets of books.',
    })
  }
  return openPostgresJournal({
    url,
    onLost,
    waitMs: standby ? Number.POSITIVE_INFINITY : LEASE_WAIT_MS,
    onWait: (holder) => step(`journal: ${holder} leads; waiting until it does not`),
  })
}
