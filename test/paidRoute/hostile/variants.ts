import type { Chance } from './chance.ts'

/** A request as it is sent. */
export type Sent = Readonly<{
  method: 'GET' | 'POST' | 'HEAD' | 'OPTIONS'
  url: string
  headers: Readonly<Record<string, string>>
  payload?: object
}>
/** What a stranger makes of a request that has been paid for; `other` has been paid for too. */
type Variant = (sent: Sent, other: Sent, chance: Chance) => Sent

const SECP256K1_N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const URLS = ['/joke', '/opera', '/duet', '/echo', '/broken', '/joke/', '/JOKE', '/joke?more=1', '//joke', '/joke%2f..%2fopera']

/** Names are for the report. A copy is no fraud: it is answered as the first was. */
export const VARIANTS: Readonly<Record<string, Variant>> = {
  copy: (sent) => sent,
  'another route': (sent, _, { oneOf }) => ({ ...sent, url: oneOf(URLS) }),
  'another query': (sent, _, { below }) => ({ ...sent, url: `${sent.url}?n=${below(1_000)}` }),
  'another method': (sent, _, { oneOf }) => ({ ...sent, method: oneOf(['POST', 'HEAD', 'OPTIONS'] as const) }),
  'another body': (sent, _, { below }) => ({ ...sent, method: 'POST', payload: { n: below(1_000) } }),
  'another host': (sent) => ({ ...sent, headers: { ...sent.headers, host: 'other.example', 'x-forwarded-host': 'other.example' } }),
  'a key of its own': (sent, _, { below }) => ({ ...sent, headers: { ...sent.headers, 'idempotency-key': `key-${below(1_000)}` } }),
  'another character': (sent, _, chance) => changed(sent, (text) => withAnother(text, chance)),
  'a part of it': (sent, _, { below }) => changed(sent, (text) => text.slice(0, text.length - 1 - below(20))),
  'more than it': (sent, _, { oneOf }) => changed(sent, (text) => text + oneOf(['=', 'A', ',', ' ', 'AAAA', '%00'])),
  'another value': (sent, _, chance) => changedJson(sent, (json) => withAnotherValue(json, chance)),
  'the other signature of its key': (sent) => changedJson(sent, malleated),
  'two credentials': (sent, other) => ({ ...sent, headers: { ...other.headers, ...sent.headers } }),
  'the offer of another payment': (sent, other) => changedJson(sent, (json) => withOffersOf(json, other)),
}

function changed(sent: Sent, change: (text: string) => string): Sent {
  const headers = Object.fromEntries(Object.entries(sent.headers).map(([name, text]) => [name, change(text)]))
  return { ...sent, headers }
}

function withAnother(text: string, { below, oneOf }: Chance): string {
  const at = below(text.length)
  return text.slice(0, at) + oneOf([...'Aa0_-/+= ']) + text.slice(at + 1)
}

type Json = { [name: string]: unknown }

/** The credential with other JSON in it, where it holds JSON. */
function changedJson(sent: Sent, change: (json: Json) => void): Sent {
  return changed(sent, (text) => {
    const [scheme, encoded] = text.startsWith('Payment ') ? ['Payment ', text.slice('Payment '.length)] : ['', text]
    const json = jsonOf(encoded!)
    if (!json) return text
    change(json)
    return scheme + Buffer.from(JSON.stringify(json)).toString(scheme === '' ? 'base64' : 'base64url')
  })
}

function jsonOf(encoded: string): Json | undefined {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Json
  } catch {
    return undefined
  }
}

/** One of its values, however deep, is another, of another type, or gone. */
function withAnotherValue(json: Json, { oneOf, below }: Chance): void {
  let at = json
  let name = oneOf(Object.keys(at))
  while (isJson(at[name])) {
    at = at[name] as Json
    name = oneOf(Object.keys(at))
  }
  const value = String(at[name])
  const nearby = /^[0-9]+$/.test(value) ? String(BigInt(value) + BigInt(below(3)) - 1n) : value.toUpperCase()
  const next = oneOf<unknown>([nearby, `${value}0`, 0, null, [], {}, true, '__proto__', undefined])
  if (next === undefined) delete at[name]
  else at[name] = next
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

/** The signature with n - s and the other parity, which recovers the same key (EIP-2). */
function malleated(json: Json): void {
  const payload = json.payload as Json | undefined
  const signature = payload?.signature
  if (typeof signature !== 'string' || signature.length !== 132) return
  const s = SECP256K1_N - BigInt(`0x${signature.slice(66, 130)}`)
  const v = signature.endsWith('1b') ? '1c' : '1b'
  payload!.signature = `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}`
}

/** What it says that it accepts, or its challenge, is that of the other payment. */
function withOffersOf(json: Json, other: Sent): void {
  for (const text of Object.values(other.headers)) {
    const theirs = jsonOf(text.replace(/^Payment /, ''))
    for (const name of ['accepted', 'challenge', 'resource']) if (theirs && name in theirs && name in json) json[name] = theirs[name]
  }
}
