import { createHash } from 'node:crypto'
import { z } from 'zod'
import { allowsSite } from '../../gateway/client/budget/sites.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { usd } from '../../gateway/money/dollars.ts'
import type { Money } from '../../gateway/money/money.ts'

/** Text of an answer beyond this is cut: it goes into a model. */
const TEXT_BYTES_MAX = 262_144
/** Headers that name the payer's account or say how a message is framed are not for a model to set. */
const NOT_ITS_OWN = /^(?:payment-.*|x-payment.*|host|connection|content-length|transfer-encoding|cookie)$/i

export const requestShape = {
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .describe('What to request'),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  headers: z.record(z.string(), z.string()).optional().describe('Headers of the request, such as content-type'),
  body: z.string().max(1_048_576).optional(),
}
const requestObject = z.object(requestShape)
type Asked = z.infer<typeof requestObject>

/** The request of a call. `key` names it: what was approved for it is approved for nothing else. Throws `budget_exceeded` for a site that is none. */
export function agentRequest({ url, method, headers = {}, body }: Asked, sites: readonly string[]) {
  const { origin, host } = new URL(url)
  if (!allowsSite(sites, origin)) {
    // Not asked at all: what an agent may reach through this program is where it may pay.
    throw new GatewayError('budget_exceeded', `The budget does not allow ${host} to be paid, so it is not asked`, {
      hint: `Nothing was sent. The person adds "${host}" to budget.sites if it may.`,
      meta: { limit: 'sites' },
    })
  }
  const wrong = Object.keys(headers).find((name) => NOT_ITS_OWN.test(name))
  if (wrong !== undefined) throw new GatewayError('invalid_request', `The header ${wrong.slice(0, 40)} is not for a caller to set`)
  if (body !== undefined && method === 'GET') throw new GatewayError('invalid_request', 'A GET has no body')
  const key = createHash('sha256')
    .update(JSON.stringify([method, url, Object.entries(headers).sort(), body]))
    .digest('hex')
  // Redirects are told, not followed: the next call names where it goes.
  const init: RequestInit = { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) }
  return { url, init, key }
}

/** An amount as a caller says it. Throws `invalid_amount`. */
export function maxOf(text: string | undefined): Money | undefined {
  return text === undefined ? undefined : usd(text)
}

/**
 * What of an answer a model is told, with what was `paid` for it; no more is read than that. Throws `outcome_unknown` when a paid one breaks off.
 */
export async function answerOf(response: Response, paid: unknown) {
  const { bytes, truncated } = await begun(response).catch((cause: unknown) => {
    if (paid === null) throw cause
    throw new GatewayError('outcome_unknown', `It was paid for and answered ${response.status}, but the answer broke off`, {
      hint: 'Make the same call again: it looks the payment up and pays nothing while its outcome is unknown.',
      meta: { paid },
      cause,
    })
  })
  const headers = Object.fromEntries([...response.headers].filter(([name]) => ['content-type', 'location', 'retry-after'].includes(name)))
  return { status: response.status, headers, ...(truncated && { truncated }), ...written(bytes, truncated), paid }
}

/** Reads a body up to the bound, and lets go of the rest: few bytes on the wire may unpack to any length. */
async function begun({ body }: Response): Promise<{ bytes: Uint8Array; truncated: boolean }> {
  const bytes = new Uint8Array(TEXT_BYTES_MAX)
  let size = 0
  const reader = body?.getReader()
  for (;;) {
    const part = await reader?.read()
    if (!part?.value) return { bytes: bytes.subarray(0, size), truncated: false }
    const fits = part.value.subarray(0, TEXT_BYTES_MAX - size)
    bytes.set(fits, size)
    size += fits.length
    if (fits.length === part.value.length) continue
    // What becomes of a connection that nobody reads any more changes nothing here.
    reader?.cancel().catch(() => undefined)
    return { bytes, truncated: true }
  }
}

function written(bytes: Uint8Array, truncated: boolean): { body: string } | { bodyBase64: string } {
  try {
    // A cut may go through a letter, which a stream would wait for.
    return { body: new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: truncated }) }
  } catch {
    // No text.
    return { bodyBase64: Buffer.from(bytes).toString('base64') }
  }
}
