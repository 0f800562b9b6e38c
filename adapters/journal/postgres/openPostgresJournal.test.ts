import { Client } from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { journalStoreBehavior } from '../../../test/behavior/journalStore.ts'
import { type PostgresServer, startPostgres } from '../../../test/postgres/startPostgres.ts'
import { openPostgresJournal } from './openPostgresJournal.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.dispose())

/** Runs one statement as somebody with access to the database could. */
async function tamper(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(text)
  await client.end()
}

journalStoreBehavior('PostgreSQL', async () => {
  const url = await server.createDatabase()
  return {
    open: () => openPostgresJournal({ url, waitMs: 0 }),
    flipBit: (seq) =>
      tamper(
        url,
        `UPDATE switchyard.journal SET data = set_byte(data, length(data) - 1, get_byte(data, length(data) - 1) # 1) WHERE seq = ${seq}`,
      ),
    remove: (seq) => tamper(url, `DELETE FROM switchyard.journal WHERE seq = ${seq}`),
    dispose: () => undefined,
  }
})
