// Needs the program openssl (Debian's package openssl), to make certificates: the PostgreSQL journal over TLS.
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPostgresJournal } from '../../adapters/journal/postgres/openPostgresJournal.ts'
import { isRoot, NOBODY } from '../postgres/postgresPrograms.ts'
import { type PostgresServer, startPostgres } from '../postgres/startPostgres.ts'
import { openssl } from './opensslProgram.ts'

let folder: string
let server: PostgresServer
let url: string

/** Makes an authority, and a certificate of it for `altName`, as files named for them. */
function certify(name: string, altName: string): { authority: string; certificate: string; key: string } {
  const path = (end: string) => join(folder, `${name}.${end}`)
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl(['req', '-x509', ...ec, '-days', '2', '-subj', `/CN=${name} authority`, '-keyout', path('ca.key'), '-out', path('ca.pem')], '')
  openssl(['req', ...ec, '-subj', `/CN=${name}`, '-keyout', path('key'), '-out', path('csr')], '')
  writeFileSync(path('ext'), `subjectAltName=${altName}\n`)
  const signing = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', path('ext')]
  openssl(['x509', '-req', '-in', path('csr'), ...signing, '-out', path('pem')], '')
  chmodSync(path('key'), 0o600)
  if (isRoot) chownSync(path('key'), NOBODY, NOBODY)
  return { authority: path('ca.pem'), certificate: path('pem'), key: path('key') }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-tls-'))
  chmodSync(folder, 0o755)
  // PostgreSQL reads its certificates from here, as the user that it runs as.
  const { certificate, key } = certify('server', 'IP:127.0.0.1')
  server = await startPostgres({ ssl: 'on', ssl_cert_file: certificate, ssl_key_file: key })
  url = await server.createDatabase()
})
afterAll(async () => {
  await server.dispose()
  rmSync(folder, { recursive: true })
})

async function open(authority: string, host = '127.0.0.1'): Promise<void> {
  const there = url.replace('127.0.0.1', host)
  const journal = await openPostgresJournal({ url: `${there}?sslmode=verify-full&sslrootcert=${authority}`, waitMs: 0, deadlineMs: 5_000 })
  await journal.close()
}

test('a certificate of the named authority, for the named host, is taken', async () => {
  await open(join(folder, 'server.ca.pem'))
})

test('a certificate of another authority is refused at once', async () => {
  const { authority } = certify('stranger', 'IP:127.0.0.1')
  await expect(open(authority)).rejects.toThrow(/certificate|unable to verify/i)
})

test('a certificate for another host is refused at once', async () => {
  await expect(open(join(folder, 'server.ca.pem'), 'localhost')).rejects.toThrow(/does not match certificate/)
})
