import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openPostgresJournal } from '../../../adapters/journal/postgres/openPostgresJournal.ts'
import { openBlockFeed } from '../../../gateway/audit/projection/blockFeed.ts'
import { createBooks } from '../../../gateway/ledger/books/createBooks.ts'
import { query } from '../../../test/postgres/query.ts'
import { type PostgresServer, startPostgres } from '../../../test/postgres/startPostgres.ts'
import { runTraffic } from '../../../test/projection/bookTraffic.ts'
import { openProjector } from '../../projector/openProjector.ts'
import { runWords } from '../program.ts'

const verb = { run: (words: readonly string[]) => runWords(['ledger', ...words], { name: 'switchyard' }) }

const DEADLINE_MS = 20_000
const clock = { ms: 1_700_000_000_000, now: () => clock.ms }
const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string // A PEM is text.

let server: PostgresServer
let url: string
let folder: string
let close: () => Promise<void>

beforeAll(async () => {
  server = await startPostgres()
  url = await server.createDatabase()
  folder = mkdtempSync(join(tmpdir(), 'switchyard-ledger-postgres-'))
  writeFileSync(join(folder, 'receipt-key.pem'), privateKeyPem)
  const feed = await openBlockFeed(await openPostgresJournal({ url, waitMs: 0 }))
  const books = createBooks({ journal: feed.journal, clock })
  await books.start()
  const projector = await openProjector({
    logLevel: 'silent',
    dataDir: folder,
    feed,
    privateKeyPem,
    clock,
    assetOf: String,
    log: () => undefined,
  }).start()
  await runTraffic({ books, clock, seed: 'postgres', submissions: 40 })
  await projector.readAfter(books.head().seq, DEADLINE_MS)
  close = async () => {
    await books.close()
    await projector.close()
  }
})
afterAll(async () => {
  await close()
  await server.dispose()
  rmSync(folder, { recursive: true })
})

async function ledger(...args: string[]): Promise<string> {
  let printed = ''
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => {
    printed += `${line}\n`
  })
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  try {
    const code = await verb.run([...args, '--data', folder])
    return `${printed}exit ${code}`
  } finally {
    log.mockRestore()
    vi.restoreAllMocks()
  }
}

test('a journal in PostgreSQL is verified and exported while its gateway leads, by a user who may only read it', async () => {
  await query(url, 'CREATE ROLE auditor LOGIN; GRANT USAGE ON SCHEMA switchyard TO auditor; GRANT SELECT ON switchyard.journal TO auditor')
  const reader = url.replace('postgres@', 'auditor@')
  expect(reader).not.toBe(url)
  const verified = await ledger('verify', '--journal', reader)
  expect(verified).toContain('verified: the journal is whole')
  expect(verified).toContain('exit 0')
  const file = join(folder, 'export.ndjson')
  expect(await ledger('export', '--journal', reader, '--file', file)).toContain('exit 0')
  expect(await ledger('verify', '--file', file)).toContain('exit 0')
})

test('an edited block in PostgreSQL is found and named', async () => {
  await query(url, 'CREATE TABLE kept AS SELECT data FROM switchyard.journal WHERE seq = 5')
  await query(
    url,
    'UPDATE switchyard.journal SET data = set_byte(data, length(data) - 1, get_byte(data, length(data) - 1) # 1) WHERE seq = 5',
  )
  const verified = await ledger('verify', '--journal', url)
  await query(url, 'UPDATE switchyard.journal SET data = (SELECT data FROM kept) WHERE seq = 5')
  expect(verified).toContain('block 5')
  expect(verified).toContain('exit 1')
})

test('without a journal in the folder it says where one is named', async () => {
  await expect(verb.run(['verify', '--data', folder])).rejects.toMatchObject({ hint: expect.stringContaining('--journal URL') })
})
