import { createHash, createPublicKey, verify } from 'node:crypto'
import { GatewayError } from '../../errors/gatewayError.ts'

/** A public key of P-256 as a JWK (RFC 7518, section 6.2.1). */
export type IssuerKey = Readonly<{ kty: 'EC'; crv: 'P-256'; x: string; y: string }>
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }
/** What of an SD-JWT was hidden behind a digest; `used` once it stands in its place. */
type Disclosure = Readonly<{ name?: string; value: Json }> & { used: boolean }

const DISCLOSURES_MAX = 128
const DEPTH_MAX = 16
const BASE64URL = /^[A-Za-z0-9_-]+$/
const SIGNATURE_BYTES = 64

/**
 * The payload of an SD-JWT that `key` has signed (ES256), what is disclosed in its place. What stays hidden stays as its digest, in `_sd` or as
 * `{ "...": digest }`, so that whoever reads it sees that there is more. Throws `mandate_invalid`.
 */
export function openSdJwt(token: string, key: IssuerKey): JsonObject {
  const parts = token.split('~')
  const [jwt = '', ...disclosed] = parts
  if (parts.length < 2 || disclosed.pop() !== '')
    throw invalid('it is no SD-JWT that ends with "~"; one that is bound to a payment is not taken')
  if (disclosed.length > DISCLOSURES_MAX) throw invalid(`it discloses more than ${DISCLOSURES_MAX} values`)
  const payload = signedPayload(jwt, key)
  if ((payload._sd_alg ?? 'sha-256') !== 'sha-256') throw invalid('its _sd_alg is not sha-256')
  const disclosures = new Map<string, Disclosure>()
  for (const text of disclosed) {
    const digest = digestOf(text)
    if (disclosures.has(digest)) throw invalid('it discloses a value twice')
    disclosures.set(digest, readDisclosure(text))
  }
  const { _sd_alg: _, ...rest } = resolve(payload, disclosures, 0) as JsonObject // An object stays one.
  if ([...disclosures.values()].some(({ used }) => !used)) throw invalid('it discloses a value that nobody has signed')
  return rest
}

/** As `sd_hash` is made: of the token as it stands, with its disclosures. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** RFC 7638: the members in this order, and nothing else. */
export function thumbprintOf({ crv, kty, x, y }: IssuerKey): string {
  return digestOf(JSON.stringify({ crv, kty, x, y }))
}

export function invalid(why: string): GatewayError {
  return new GatewayError('mandate_invalid', `The mandate is not taken: ${why}`)
}

function signedPayload(jwt: string, key: IssuerKey): JsonObject {
  const parts = jwt.split('.')
  const [head = '', body = '', signature = ''] = parts
  if (parts.length !== 3) throw invalid('it has no header, payload and signature')
  const { alg, typ, crit } = objectOf(head)
  if (alg !== 'ES256') throw invalid('its alg is not ES256')
  if (crit !== undefined) throw invalid('its header asks for what is not known here (crit)')
  if (typ !== undefined && (typeof typ !== 'string' || !typ.endsWith('sd-jwt') || typ.startsWith('kb')))
    throw invalid('its typ is not that of an SD-JWT')
  const bytes = bytesOf(signature)
  if (
    bytes.length !== SIGNATURE_BYTES ||
    !verify('sha256', Buffer.from(`${head}.${body}`), { key: publicKey(key), dsaEncoding: 'ieee-p1363' }, bytes)
  )
    throw invalid('issuer_key has not signed it')
  return objectOf(body)
}

function publicKey({ kty, crv, x, y }: IssuerKey) {
  try {
    return createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })
  } catch {
    throw invalid('issuer_key is no point of P-256')
  }
}

function readDisclosure(text: string): Disclosure {
  const found = jsonOf(text)
  if (!Array.isArray(found) || typeof found[0] !== 'string') throw invalid('one of its disclosures cannot be read')
  if (found.length === 2) return { value: found[1], used: false }
  const [, name, value] = found
  if (found.length !== 3 || typeof name !== 'string' || name === '_sd' || name === '...')
    throw invalid('one of its disclosures cannot be read')
  return { name, value, used: false }
}

function resolve(value: Json, disclosures: ReadonlyMap<string, Disclosure>, depth: number): Json {
  if (depth > DEPTH_MAX) throw invalid(`it is nested deeper than ${DEPTH_MAX}`)
  if (Array.isArray(value)) return value.map((item: Json) => resolveElement(item, disclosures, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  const { _sd: digests = [], ...plain } = value as JsonObject // No array, as was looked at above.
  const made = new Map(Object.entries(plain).map(([name, item]) => [name, resolve(item, disclosures, depth + 1)]))
  if (!Array.isArray(digests)) throw invalid('its _sd is no list')
  const hidden: Json[] = []
  for (const digest of digests as readonly Json[]) {
    const found = take(digest, disclosures)
    if (!found) hidden.push(digest)
    else if (found.name === undefined || made.has(found.name)) throw invalid('one of its disclosures does not fit its place')
    else made.set(found.name, resolve(found.value, disclosures, depth + 1))
  }
  if (hidden.length > 0) made.set('_sd', hidden)
  return Object.fromEntries(made)
}

function resolveElement(item: Json, disclosures: ReadonlyMap<string, Disclosure>, depth: number): Json {
  if (typeof item !== 'object' || item === null || !('...' in item)) return resolve(item, disclosures, depth)
  if (Object.keys(item).length > 1) throw invalid('a hidden value of it stands beside others')
  const found = take(item['...'], disclosures)
  if (!found) return item
  if (found.name !== undefined) throw invalid('one of its disclosures does not fit its place')
  return resolve(found.value, disclosures, depth)
}

function take(digest: Json | undefined, disclosures: ReadonlyMap<string, Disclosure>): Disclosure | undefined {
  if (typeof digest !== 'string') throw invalid('one of its digests is no text')
  const found = disclosures.get(digest)
  if (!found) return undefined
  if (found.used) throw invalid('one of its digests stands twice')
  found.used = true
  return found
}

function objectOf(text: string): JsonObject {
  const value = jsonOf(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('a part of it is no JSON object')
  return value
}

function jsonOf(text: string) {
  try {
    return JSON.parse(bytesOf(text).toString('utf8')) // Read as what it is below.
  } catch {
    throw invalid('a part of it is no JSON in base64url')
  }
}

function bytesOf(text: string): Buffer {
  if (!BASE64URL.test(text)) throw invalid('a part of it is not base64url')
  return Buffer.from(text, 'base64url')
}
