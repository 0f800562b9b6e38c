import type { GatewayError } from '../errors/gatewayError.ts'
import { retryAfter } from '../errors/retryAfter.ts'
import type { Reply } from './wire.ts'

/**
 * The RFC 9457 answer to a payer when its request could not be admitted or its answer could not be kept. It says what the payer can do; what the seller
 * has to change is the seller's to know.
 */
export function problemReply({ code, title, status, hint, meta }: GatewayError, detail = title): Reply {
  const retry = retryAfter(code)
  const outcome = code === 'outcome_unknown' ? 'unknown' : 'failed'
  return {
    status,
    headers: [
      ['content-type', 'application/problem+json'],
      ['cache-control', 'no-store'],
      ...(retry === undefined ? [] : [['retry-after', retry] as const]),
    ],
    body: JSON.stringify({
      title,
      status,
      detail,
      code,
      hint,
      outcome,
      ...(meta.receipt === undefined ? {} : { meta: { receipt: meta.receipt } }),
    }),
  }
}
