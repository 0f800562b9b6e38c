import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a lie returns to have the call refused, in the words of a node whose simulation reverted. */
export class Refusal {
  readonly error: Readonly<{ code: number; message: string }>
  constructor(said: string) {
    this.error = { code: 3, message: `execution reverted: ${said}` }
  }
}

/** Answers instead of the node when it returns something; `ask` is the node itself. */
export type Lie = (
  method: string,
  params: readonly unknown[],
  ask: (method: string, params: readonly unknown[]) => Promise<unknown>,
) => unknown

export type LyingProxy = Readonly<{
  url: string
  /** From now on it lies so; undefined: it is honest. */
  tell: (lie: Lie | undefined) => void
  calls: (method: string) => number
  close: () => Promise<void>
}>

/** A proxy before a JSON-RPC node that can answer what is not so, or not at all when the lie throws. */
export async function startLyingProxy(target: string): Promise<LyingProxy> {
  let lie: Lie | undefined
  const counts = new Map<string, number>()

  async function ask(method: string, params: readonly unknown[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const response = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    // A node's own answer, in its standard envelope.
    const answer = (await response.json()) as { result?: unknown; error?: { message: string } }
    if (answer.error) throw new Error(answer.error.message)
    return answer.result
  }

  const server = createServer(async (request, response) => {
    try {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part)
      const body = Buffer.concat(parts).toString()
      // Our own client's envelope.
      const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: readonly unknown[] }
      counts.set(method, (counts.get(method) ?? 0) + 1)
      const told = await lie?.(method, params, ask)
      response.setHeader('content-type', 'application/json')
      if (told instanceof Refusal) response.end(JSON.stringify({ jsonrpc: '2.0', id, error: told.error }))
      else if (told !== undefined) response.end(JSON.stringify({ jsonrpc: '2.0', id, result: told }))
      else response.end(await (await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text())
    } catch {
      response.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listening on TCP.
  return {
    url: `http://127.0.0.1:${port}`,
    tell: (next) => {
      lie = next
    },
    calls: (method) => counts.get(method) ?? 0,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
