import { type ReceivedHeaders, readWebhook } from '../seller/readWebhook.ts'
import type { SwitchyardEvent } from './generated/events.ts'
import { SwitchyardError } from './switchyardError.ts'

const KNOWN = { operation: 'webhooks.verify', idempotencyKey: undefined, outcome: 'failed' } as const

/**
 * The event of a webhook. `body` is what came, byte for byte, and `secret` the endpoint's (`whsec_...`), or both while one takes the place of the other.
 * Throws `webhook_invalid` where no secret has signed it, or not within five minutes. An event may come twice: its `id` tells.
 */
export async function verifyWebhook(
  body: string | Uint8Array,
  headers: ReceivedHeaders,
  secret: string | readonly string[],
  o: Readonly<{ now?: number }> = {},
): Promise<SwitchyardEvent> {
  const read = await readWebhook(body, headers, secret, o)
  if ('refused' in read) throw new SwitchyardError(read.refused, read.why, KNOWN)
  return read.event as SwitchyardEvent // The gateway has signed it.
}
