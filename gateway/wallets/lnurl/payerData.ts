import { authIsSigned } from './auth.ts'

/** What this gateway can be asked for, or ask for, about a payer (LUD-18). */
type PayerData = Readonly<{
  name?: string
  email?: string
  identifier?: string
  pubkey?: string
  auth?: Readonly<{ key: string; k1: string; sig: string }>
}>

const BYTES_MAX = 2_000
const TEXT_MAX = 200
const TEXTS = ['name', 'email', 'identifier', 'pubkey'] as const

/**
 * Reads payer data as a wallet sent them, already URL-decoded. `wanted` is what was asked for; a mandatory item that is missing, a text that is none and
 * a signature that does not hold are refused with a sentence. Items that nobody asked for are left out, though the invoice commits to all that was sent.
 */
export function readPayerData(
  text: string,
  wanted: Readonly<Record<string, { mandatory: boolean; k1?: string | undefined }>>,
): PayerData | string {
  if (Buffer.byteLength(text) > BYTES_MAX) return `payerdata is longer than ${BYTES_MAX} bytes`
  let sent: unknown
  try {
    sent = JSON.parse(text === '' ? '{}' : text)
  } catch {
    return 'payerdata is not JSON'
  }
  if (sent === null || typeof sent !== 'object' || Array.isArray(sent)) return 'payerdata is not an object'
  const given = sent as Readonly<Record<string, unknown>> // An object of JSON, with values of any kind.
  const missing = Object.keys(wanted).find((key) => wanted[key]!.mandatory && given[key] === undefined)
  if (missing) return `payerdata must say ${missing}`
  const data: Record<string, unknown> = {}
  for (const key of TEXTS) {
    const value = given[key]
    if (!wanted[key] || value === undefined) continue
    if (typeof value !== 'string' || value.length > TEXT_MAX) return `payerdata.${key} is not a text of at most ${TEXT_MAX} characters`
    data[key] = value
  }
  if (wanted.auth && given.auth !== undefined) {
    const auth = readAuth(given.auth, wanted.auth.k1)
    if (!auth) return 'payerdata.auth is not a signature over the k1 that was given'
    data.auth = auth
  }
  return data
}

function readAuth(value: unknown, k1: string | undefined): PayerData['auth'] | undefined {
  if (value === null || typeof value !== 'object' || k1 === undefined) return undefined
  const { key, sig, k1: echoed = k1 } = value as Readonly<Record<string, unknown>> // As above.
  if (typeof key !== 'string' || typeof sig !== 'string' || echoed !== k1) return undefined
  return authIsSigned({ k1, sig, key }) ? { key: key.toLowerCase(), k1, sig: sig.toLowerCase() } : undefined
}
