import { readFileSync } from 'node:fs'
import { type ConnectionOptions, checkServerIdentity } from 'node:tls'
import type { ClientConfig } from 'pg'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'

const SCHEMES = ['postgres:', 'postgresql:']
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']
const KNOWN_PARAMETERS = ['sslmode', 'sslrootcert']
const DEFAULT_PORT = 5432

/**
 * Reads `postgresql://user:password@host:port/database?sslmode=verify-full&sslrootcert=FILE`. Off this machine only `verify-full` is taken: anything
 * less lets who stands between read the journal or pose as its server. The password may also come from PGPASSWORD. No error shows it.
 */
export function connectionOf(text: string): ClientConfig {
  const url = URL.parse(text)
  if (!url || !SCHEMES.includes(url.protocol)) {
    refuse('The URL of the journal is not one of PostgreSQL', 'Write it as postgresql://user@host:5432/database?sslmode=verify-full.')
  }
  const unknown = [...url.searchParams.keys()].find((name) => !KNOWN_PARAMETERS.includes(name))
  if (unknown !== undefined) {
    refuse(`The URL of the journal has the parameter ${unknown.slice(0, 40)}`, `Use only ${KNOWN_PARAMETERS.join(' and ')}.`)
  }
  const database = decodeURIComponent(url.pathname.slice(1))
  if (url.hostname === '' || url.username === '' || database === '') {
    refuse('The URL of the journal does not name a host, a user and a database', 'Write it as postgresql://user@host:5432/database.')
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const ssl = tlsOf(url, host)
  return {
    host,
    port: url.port === '' ? DEFAULT_PORT : Number.parseInt(url.port, 10),
    user: decodeURIComponent(url.username),
    database,
    ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
    ...(ssl && { ssl }),
  }
}

/** The server and database for a message, without user or password. */
export function showServer({ host, port, database }: ClientConfig): string {
  return `${host}:${port}/${database}`
}

function tlsOf(url: URL, host: string): ConnectionOptions | undefined {
  const mode = url.searchParams.get('sslmode') ?? (LOOPBACK.includes(url.hostname) ? 'disable' : '')
  const certificate = url.searchParams.get('sslrootcert')
  if (mode === 'verify-full') {
    return {
      rejectUnauthorized: true,
      // Left to itself the client would compare the certificate of a host that is named by its address with "localhost".
      checkServerIdentity: (_, presented) => checkServerIdentity(host, presented),
      ...(certificate !== null && { ca: readCertificate(certificate) }),
    }
  }
  if (mode === 'disable' && LOOPBACK.includes(url.hostname)) return undefined
  refuse(
    `The journal at ${url.host} would be reached with sslmode ${mode === '' ? 'unset' : mode.slice(0, 20)}`,
    'Add ?sslmode=verify-full, and sslrootcert=FILE when its certificate is not of a public authority.',
  )
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new GatewayError('unsafe_configuration', `The certificate ${path} of the journal cannot be read`, { cause })
  }
}

function refuse(message: string, hint: string): never {
  throw new GatewayError('unsafe_configuration', message, { hint })
}
