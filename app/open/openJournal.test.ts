import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type PostgresServer, startPostgres } from '../../test/postgres/startPostgres.ts'
import { openJournal } from './openJournal.ts'

let server: PostgresServer
let dataDir: string
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.dispose())
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'switchyard-open-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const events = { step: () => undefined, onLost: () => undefined }

test('without a word about it the journal is a file in the data folder', async () => {
  const journal = await openJournal({ dataDir, journal: undefined }, events)
  expect((await journal.head()).seq).toBe(0)
  await journal.close()
})

test('a standby says who leads, and has the journal when the leader lets it go', async () => {
  const url = await server.createDatabase()
  const leader = await openJournal({ dataDir, journal: { postgres: { url, standby: false } } }, events)
  const said: string[] = []
  const second = openJournal({ dataDir, journal: { postgres: { url, standby: true } } }, { ...events, step: (line) => said.push(line) })
  while (said.length === 0) await pause(5)
  expect(said).toEqual([expect.stringMatching(/^journal: .+:\d+ leads; waiting/)])
  await leader.close()
  const journal = await second
  await journal.append({ seq: 1, at: 1n, count: 0, hash: new Uint8Array(32), data: new Uint8Array(0) })
  await journal.close()
})

test('a database is refused beside a journal in the data folder', async () => {
  await (await openJournal({ dataDir, journal: undefined }, events)).close()
  const postgres = { url: 'postgresql://books@127.0.0.1/books', standby: false }
  await expect(openJournal({ dataDir, journal: { postgres } }, events)).rejects.toMatchObject({
    code: 'unsafe_configuration',
    shortMessage: expect.stringContaining('journal.db holds one already'),
  })
})
