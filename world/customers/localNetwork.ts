import { type LocalState, localState } from '../localState.ts'

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

/** Asks until there is an answer, at most `deadlineMs`. It is never a boolean, because `false` would be one too. */
export async function until<T extends object | string>(what: string, ask: () => Promise<T | undefined>, deadlineMs = 30_000): Promise<T> {
  const end = Date.now() + deadlineMs
  for (;;) {
    const found = await ask()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`${what} did not happen within ${deadlineMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** A new party whose balance a bank transfer of 1.00 EUR has filled, with its API key. */
export async function fundedParty(name: string): Promise<{ id: string; apiKey: string; reference: string; available: string }> {
  const { world } = network()
  const party = await api<{ id: string; top_up_reference: string }>('POST', '/v1/parties', { body: { name } })
  const apiKey = party.headers.get('switchyard-api-key')!
  await control(world.bankUrl, '/transfers', { customer: world.bankCustomers[0]!.id, amount: '1.00', remittance: party.top_up_reference })
  const balance = await until('the bank transfer', async () => {
    const { balances } = await api<{ balances: { code: string; available: string }[] }>('GET', `/v1/parties/${party.id}`, { key: apiKey })
    return balances.find((b) => b.code === 'EUR' && b.available !== '0')
  })
  return { id: party.id, apiKey, reference: party.top_up_reference, available: balance.available }
}
