import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'

/** The secrets of endpoints follow from one key of the gateway, so none stands in the journal: the `n`th of an endpoint. */
export function endpointSecret(key: Uint8Array, { id, n }: Readonly<{ id: string; n: number }>): string {
  return `${PREFIX}${createHmac('sha256', key).update(`switchyard webhook secret v1 ${id} ${n}`).digest('base64')}`
}

type Secrets = Readonly<{ id: string; secret: Readonly<{ n: number; previousUntil: number }> }>

/** The secrets that sign now: the current one, and the one before it while it is replaced. */
export function signingSecrets(key: Uint8Array, { id, secret: { n, previousUntil } }: Secrets, now: number): readonly string[] {
  const current = endpointSecret(key, { id, n })
  return n > 1 && now < previousUntil ? [current, endpointSecret(key, { id, n: n - 1 })] : [current]
}

/** The headers of a message (Standard Webhooks 1.0, `v1`): HMAC-SHA256 of `id.timestamp.body` by each secret. */
export function signedHeaders(secrets: readonly string[], { id, body, now }: { id: string; body: string; now: number }) {
  const timestamp = String(Math.trunc(now / 1000)) // not money: a time
  const signatures = secrets.map((secret) => {
    const bytes = Buffer.from(secret.slice(PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', bytes).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
