import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Hex } from '../../gateway/ports/ids.ts'

export type SilentProxy = Readonly<{
  url: string
  /** From now on calls of these methods are taken and never answered, and do not reach the node. */
  silence: (isSilent: (method: string) => boolean) => void
  /** How often a method was called. */
  calls: (method: string) => number
  /** Every call in order, as its method and its parameters. */
  asked: () => readonly string[]
  /** The raw transactions that were sent to it, answered or not, in order and each once. */
  sent: () => readonly Hex[]
  close: () => Promise<void>
}>

/** A proxy before a JSON-RPC node that can stop answering without closing anything. */
export async function startSilentProxy(target: string): Promise<SilentProxy> {
  let isSilent: (method: string) => boolean = () => false
  const counts = new Map<string, number>()
  const asked: string[] = []
  const sent = new Set<Hex>()
  const held = new Set<ServerResponse>()

  const server = createServer(async (request, response) => {
    try {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part)
      const body = Buffer.concat(parts).toString()
      // Our own client's envelope.
      const { method, params } = JSON.parse(body) as { method: string; params: readonly Hex[] }
      counts.set(method, (counts.get(method) ?? 0) + 1)
      asked.push(`${method} ${JSON.stringify(params)}`)
      if (method === 'eth_sendRawTransaction') sent.add(params[0]!)
      if (isSilent(method)) {
        held.add(response)
        return
      }
      const answer = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      response.setHeader('content-type', 'application/json').end(await answer.text())
    } catch {
      response.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listening on TCP.
  return {
    url: `http://127.0.0.1:${port}`,
    silence: (next) => {
      isSilent = next
    },
    calls: (method) => counts.get(method) ?? 0,
    asked: () => asked,
    sent: () => [...sent],
    async close() {
      for (const response of held) response.destroy()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
