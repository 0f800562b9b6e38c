import { refusedBy } from './refusedBy.ts'

const DEADLINE_MS = 30_000

/** One call of a running gateway; `key` is the idempotency key of what moves money. Throws with the gateway's own words when it refuses. */
export type GatewayCall = (method: string, path: string, body?: unknown, key?: string) => Promise<unknown>

/** Calls the gateway at `url` with this API key. */
export function gatewayCall(url: string, apiKey: string): GatewayCall {
  return async (method, path, body, idempotencyKey) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
    const answer = (await response.json()) as object // A problem, or what the route says.
    if (!response.ok) throw refusedBy(url, response.status, answer)
    return answer
  }
}
