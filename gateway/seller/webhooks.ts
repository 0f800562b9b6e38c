import { GatewayError } from '../errors/gatewayError.ts'

/** A sender's clock and the receiver's may differ by so much (Standard Webhooks 1.0): what is older may be a copy. */
const TOLERANCE_S = 300
/** While a secret is rotated there are two signatures; more are not looked at. */
const SIGNATURES_MAX = 8
const PREFIX = 'whsec_'
/** Bytes of a secret. */
const [SECRET_MIN, SECRET_MAX] = [24, 64]
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

type ReceivedHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

/** What is signed: the id of a message, the seconds since 1970 at which it is sent, and its body as it goes out. */
type Message = Readonly<{ id: string; timestamp: string; body: string }>

/** The headers of a message, signed by each of these secrets (Standard Webhooks 1.0, `v1`). */
export async function webhookHeaders(secrets: readonly string[], { id, body, now }: { id: string; body: string; now: number }) {
  const timestamp = String(Math.trunc(now / 1000)) // not money: a time
  const signatures = await Promise.all(
    secrets.map(async (secret) => {
      const signature = await crypto.subtle.sign('HMAC', await keyOf(secret), signedBytes({ id, timestamp, body }))
      return `v1,${btoa(String.fromCharCode(...new Uint8Array(signature)))}`
    }),
  )
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

/** A secret as receivers are given it. */
export function newWebhookSecret(): string {
  return `${PREFIX}${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`
}

export const webhooks = {
  /**
   * The event of a webhook. `body` is what came, byte for byte, and `secret` the endpoint's (`whsec_...`), or both while one takes the place of the other.
   * Throws `webhook_invalid` where no secret has signed it, or not within five minutes. An event may come twice: its `id` tells.
   */
  async verify(
    body: string | Uint8Array,
    headers: ReceivedHeaders,
    secret: string | readonly string[],
    o: Readonly<{ now?: number }> = {},
  ): Promise<WebhookEvent> {
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
    const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headerOf(headers, name))
    if (!id || !timestamp || !signatures)
      throw new GatewayError('webhook_invalid', 'It has no webhook-id, webhook-timestamp or webhook-signature')
    if (!isFresh(timestamp, o.now ?? Date.now()))
      throw new GatewayError('webhook_invalid', `It was not signed within ${TOLERANCE_S} s of now`)
    const secrets = typeof secret === 'string' ? [secret] : secret
    if (!(await isSigned({ id, timestamp, body: text }, signatures, secrets)))
      throw new GatewayError('webhook_invalid', 'No signature of it is by this secret')
    return JSON.parse(text) as WebhookEvent // The gateway's own: it has signed it.
  },
}

async function isSigned(message: Message, signatures: string, secrets: readonly string[]): Promise<boolean> {
  const bytes = signedBytes(message)
  const given = signatures.split(' ').slice(0, SIGNATURES_MAX)
  for (const secret of secrets) {
    const key = await keyOf(secret)
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

function signedBytes({ id, timestamp, body }: Message): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${id}.${timestamp}.${body}`)
}

async function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = secret.startsWith(PREFIX) ? bytesOf(secret.slice(PREFIX.length)) : undefined
  if (!bytes || bytes.length < SECRET_MIN || bytes.length > SECRET_MAX)
    throw new GatewayError('unsafe_configuration', `A secret of webhooks is ${PREFIX} and ${SECRET_MIN} to ${SECRET_MAX} bytes in base64`)
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
