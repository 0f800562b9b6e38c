import type { GatewayError } from '../errors/gatewayError.ts'
import type { Reply } from './wire.ts'

const RETRY_AFTER_S: Partial<Record<string, string>> = {
  gateway_unreachable: '5',
  seller_misconfigured: '30',
  outcome_unknown: '2',
}

/**
 * The RFC 9457 answer to a payer when its request could not be admitted or its answer could not be kept. It says what the payer can do; what the seller
 * has to change is the seller's to know.
 */
export function problemReply({ code, title, status, hint, meta }: GatewayError, detail = title): Reply {
  const retry = RETRY_AFTER_S[code]
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
