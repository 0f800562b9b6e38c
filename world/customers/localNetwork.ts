import { type LocalState, localState } from '../../gateway/cli/localState.ts'

/** A call of the gateway's API with the operator's key, or another. Throws with the problem's own words. */
export async function api<T>(
  method: string,
  path: string,
  o: { body?: unknown; key?: string; idempotencyKey?: string } = {},
): Promise<T & { headers: Headers }> {
  const state = network()
  const response = await fetch(`${state.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${o.key ?? state.key}`,
      ...(o.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': o.idempotencyKey ?? crypto.randomUUID() } : {}),
    },
    ...(o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
    signal: AbortSignal.timeout(60_000),
  })
  const json = (await response.json()) as T & { detail?: string; title?: string }
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${json.detail ?? json.title ?? ''}`)
  return Object.assign(json, { headers: response.headers })
}

/** A call of a part of the world. */
export async function control<T>(url: string, path: string, body?: unknown): Promise<T> {
  const init = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(60_000) })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

/** The running local network; read once. */
export function network(): LocalState {
  state ??= localState()
  return state
}
let state: LocalState | undefined

/** Asks until it is so, at most `deadlineMs`. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, deadlineMs = 30_000): Promise<T> {
  const end = Date.now() + deadlineMs
  for (;;) {
    const found = await ask()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`${what} did not happen within ${deadlineMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
