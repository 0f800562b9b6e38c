import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { refusedBy } from './refusedBy.ts'

const DEADLINE_MS = 60_000

/** One call of a running gateway; `key` is the idempotency key of what moves money. Throws with the gateway's own words when it refuses. */
export type GatewayCall = (method: string, path: string, body?: unknown, key?: string) => Promise<unknown>

/** Calls the gateway at `url` with this API key. */
export function gatewayCall(url: string, apiKey: string): GatewayCall {
  return async (method, path, body, idempotencyKey) => {
    const repeated = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
    return (await called(url, path, { method, body, headers: { authorization: `Bearer ${apiKey}`, ...repeated } })).answer
  }
}

/** What makes a thing that has a key: `approval` is what another person has agreed to it under. `apiKey`: its secret, in the first answer alone. */
export async function makeWithKey(
  { url, key }: Readonly<{ url: string; key: string }>,
  o: Readonly<{ path: string; body: object; id: string; approval: string | undefined }>,
): Promise<Readonly<{ answer: unknown; status: number; apiKey: string | undefined }>> {
  const agreed = o.approval === undefined ? {} : { 'switchyard-approval': o.approval }
  const headers = { authorization: `Bearer ${key}`, 'idempotency-key': o.id, ...agreed }
  return called(url, o.path, { method: 'POST', body: o.body, headers })
}

type Sent = Readonly<{ method: string; body: unknown; headers: Readonly<Record<string, string>> }>

async function called(url: string, path: string, { method, body, headers }: Sent) {
  const typed = body === undefined ? headers : { ...headers, 'content-type': 'application/json' }
  const { status, text, apiKey } = await ask(url, path, {
    method,
    headers: typed,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer = objectOf(text)
  if (!answer) throw noGateway(url, status)
  if (status >= 400) throw refusedBy(url, status, answer)
  return { answer, status, apiKey }
}

/** What a gateway answers to who has no key, as text; undefined when it has nothing there. */
export async function gatewayText(url: string, path: string): Promise<string | undefined> {
  const { status, text } = await ask(url, path, {})
  if (status === 404 && objectOf(text)) return undefined
  const answer = objectOf(text)
  if (status >= 400 && answer) throw refusedBy(url, status, answer)
  if (status >= 400 || (!answer && !text.startsWith('-----BEGIN'))) throw noGateway(url, status)
  return text
}

type Heard = Readonly<{ status: number; text: string; apiKey: string | undefined }>

async function ask(url: string, path: string, init: RequestInit): Promise<Heard> {
  const response = await asked(url, path, { ...init, signal: AbortSignal.timeout(DEADLINE_MS) })
  const apiKey = response.headers.get('switchyard-api-key') ?? undefined
  const text = await response.text().catch((cause: unknown) => Promise.reject(noAnswer(url, cause)))
  return { status: response.status, text, apiKey }
}

/** What answers there, whoever it is. */
export async function asked(url: string, path: string, init: RequestInit): Promise<Response> {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new GatewayError('invalid_request', `${url} is no URL of a gateway`, {
      hint: 'Write it as http://127.0.0.1:8402 or https://pay.example.com.',
    })
  }
  try {
    return await fetch(`${url.replace(/\/$/, '')}${path}`, init)
  } catch (cause) {
    throw noAnswer(url, cause)
  }
}

export function noAnswer(url: string, cause: unknown): GatewayError {
  return new GatewayError('no_gateway_answers', `${url} does not answer${reasonOf(cause)}`, { cause })
}

/** Node's own word on why: `ECONNREFUSED` and the like are in the cause of what fetch throws. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return `: ${cause.code}`
  return cause instanceof Error && cause.name === 'TimeoutError' ? ` within ${DEADLINE_MS / 1000} s` : ''
}

export function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

export function noGateway(url: string, status: number): GatewayError {
  return new GatewayError('no_gateway_answers', `${url} is no gateway: it answered ${status} with something else than JSON`, {
    hint: 'Name the address of a gateway; another program listens there.',
  })
}
