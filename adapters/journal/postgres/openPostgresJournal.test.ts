import { afterAll, beforeAll } from 'vitest'
import { journalStoreBehavior } from '../../../test/behavior/journalStore.ts'
import { query } from '../../../test/postgres/query.ts'
import { type PostgresServer, startPostgres } from '../../../test/postgres/startPostgres.ts'
import { openPostgresJournal } from './openPostgresJournal.ts'

let server: PostgresServer
let url: string
beforeAll(async () => {
  server = await startPostgres()
  url = await server.createDatabase()
})
afterAll(() => server.dispose())

journalStoreBehavior('PostgreSQL', async () => {
  await query(url, 'DROP SCHEMA IF EXISTS switchyard CASCADE')
  return {
    open: () => openPostgresJournal({ url, waitMs: 0 }),
    flipBit: (seq) =>
      query(
        url,
        `UPDATE switchyard.journal SET data = set_byte(data, length(data) - 1, get_byte(data, length(data) - 1) # 1) WHERE seq = ${seq}`,
      ),
    remove: (seq) => query(url, `DELETE FROM switchyard.journal WHERE seq = ${seq}`),
    dispose: () => undefined,
  }
})
