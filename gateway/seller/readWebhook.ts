/** A sender's clock and the receiver's may differ by so much (Standard Webhooks 1.0): what is older may be a copy. */
const TOLERANCE_S = 300
/** While a secret is rotated there are two signatures; more are not looked at. */
const SIGNATURES_MAX = 8
export const PREFIX = 'whsec_'
/** Bytes of a secret. */
const [SECRET_MIN, SECRET_MAX] = [24, 64]
export const NO_SECRET = `A secret of webhooks is ${PREFIX} and ${SECRET_MIN} to ${SECRET_MAX} bytes in base64`
const HMAC = { name: 'HMAC', hash: 'SHA-256' }

/** An event as a webhook brings it; `data` is as `/openapi.json` says it under `webhooks`. */
export type WebhookEvent = Readonly<{
  id: string
  object: 'event'
  type: string
  version: number
  created_at: string
  subject: string
  data: Readonly<Record<string, unknown>>
}>

export type ReceivedHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

/** What is signed: the id of a message, the seconds since 1970 at which it is sent, and its body as it goes out. */
type Message = Readonly<{ id: string; timestamp: string; body: string }>

/** The event of a webhook, or why it is none: `webhook_invalid`, or a secret that is none (`unsafe_configuration`). */
type ReadWebhook = Readonly<{ event: WebhookEvent }> | Readonly<{ refused: 'webhook_invalid' | 'unsafe_configuration'; why: string }>

/** What came as a webhook: `body` byte for byte, `secret` the endpoint's, or both while one takes the place of the other. */
export async function readWebhook(
  body: string | Uint8Array,
  headers: ReceivedHeaders,
  secret: string | readonly string[],
  o: Readonly<{ now?: number }>,
): Promise<ReadWebhook> {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headerOf(headers, name))
  if (!id || !timestamp || !signatures) return invalid('It has no webhook-id, webhook-timestamp or webhook-signature')
  if (!isFresh(timestamp, o.now ?? Date.now())) return invalid(`It was not signed within ${TOLERANCE_S} s of now`)
  const keys = await Promise.all((typeof secret === 'string' ? [secret] : secret).map(webhookKey))
  if (!keys.every((key) => key !== undefined)) return { refused: 'unsafe_configuration', why: NO_SECRET }
  if (!(await isSigned({ id, timestamp, body: text }, signatures, keys))) return invalid('No signature of it is by this secret')
  return { event: JSON.parse(text) as WebhookEvent } // The gateway's own: it has signed it.
}

function invalid(why: string): ReadWebhook {
  return { refused: 'webhook_invalid', why }
}

async function isSigned(message: Message, signatures: string, keys: readonly CryptoKey[]): Promise<boolean> {
  const bytes = signedBytes(message)
  const given = signatures.split(' ').slice(0, SIGNATURES_MAX)
  for (const key of keys) {
    for (const one of given) {
      const signature = one.startsWith('v1,') ? bytesOf(one.slice('v1,'.length)) : undefined
      // The runtime compares in constant time.
      if (signature && (await crypto.subtle.verify('HMAC', key, signature, bytes))) return true
    }
  }
  return false
}

function isFresh(timestamp: string, now: number): boolean {
  return /^\d{1,11}$/.test(timestamp) && Math.abs(Number.parseInt(timestamp, 10) - now / 1000) <= TOLERANCE_S // not money: a time
}

export function signedBytes({ id, timestamp, body }: Message): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${id}.${timestamp}.${body}`)
}

/** Undefined for what is no secret. */
export async function webhookKey(secret: string): Promise<CryptoKey | undefined> {
  const bytes = secret.startsWith(PREFIX) ? bytesOf(secret.slice(PREFIX.length)) : undefined
  if (!bytes || bytes.length < SECRET_MIN || bytes.length > SECRET_MAX) return undefined
  return crypto.subtle.importKey('raw', bytes, HMAC, false, ['sign', 'verify'])
}

/** Undefined for what is no base64. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  } catch {
    return undefined
  }
}

function headerOf(headers: ReceivedHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined
  const value = headers[name]
  return typeof value === 'string' ? value : value?.[0]
}
