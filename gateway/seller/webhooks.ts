import { GatewayError } from '../errors/gatewayError.ts'
import { NO_SECRET, PREFIX, type ReceivedHeaders, readWebhook, signedBytes, type WebhookEvent, webhookKey } from './readWebhook.ts'

/** The headers of a message, signed by each of these secrets (Standard Webhooks 1.0, `v1`). */
export async function webhookHeaders(secrets: readonly string[], { id, body, now }: { id: string; body: string; now: number }) {
  const timestamp = String(Math.trunc(now / 1000)) // not money: a time
  const signatures = await Promise.all(
    secrets.map(async (secret) => {
      const key = await webhookKey(secret)
      if (!key) throw new GatewayError('unsafe_configuration', NO_SECRET)
      const signature = await crypto.subtle.sign('HMAC', key, signedBytes({ id, timestamp, body }))
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
    const read = await readWebhook(body, headers, secret, o)
    if ('event' in read) return read.event
    throw read.refused === 'webhook_invalid' ? new GatewayError('webhook_invalid', read.why) : new GatewayError(read.refused, read.why)
  },
}
