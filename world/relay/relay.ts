import { type Filter, matchFilters } from 'nostr-tools/filter'
import { type NostrEvent, verifyEvent } from 'nostr-tools/pure'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'

export type Relay = Readonly<{
  url: string
  /** Events taken so far, in order. */
  taken: () => readonly NostrEvent[]
  /** Hangs up on everybody, as a relay that restarts does; they may come back. */
  drop: () => void
  /** Sends an event to all who asked for it, whether it came from somebody or not: what a dishonest relay can do. */
  inject: (event: NostrEvent) => void
  close: () => Promise<void>
}>

const MESSAGE_BYTES_MAX = 1 << 17
const SUBSCRIPTIONS_MAX = 64
const KEPT_MAX = 10_000

const event = z.object({
  id: z.string(),
  pubkey: z.string(),
  created_at: z.int(),
  kind: z.int(),
  tags: z.array(z.array(z.string())),
  content: z.string(),
  sig: z.string(),
})
const message = z.union([
  z.tuple([z.literal('EVENT'), event]),
  z.tuple([z.literal('REQ'), z.string().max(64)], z.looseObject({})),
  z.tuple([z.literal('CLOSE'), z.string()]),
])

/** Starts a relay on a free port of 127.0.0.1. */
export async function startRelay(): Promise<Relay> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: MESSAGE_BYTES_MAX })
  await new Promise<void>((resolve) => server.once('listening', () => resolve()))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  const subscriptions = new Map<WebSocket, Map<string, Filter[]>>()
  const kept: NostrEvent[] = []
  const taken: NostrEvent[] = []
  const send = (socket: WebSocket, data: unknown) => socket.send(JSON.stringify(data))

  function pass(passed: NostrEvent): void {
    for (const [socket, open] of subscriptions) {
      for (const [id, filters] of open) if (matchFilters(filters, passed)) send(socket, ['EVENT', id, passed])
    }
  }

  function hear(socket: WebSocket, text: string): void {
    const read = message.safeParse(parsed(text))
    if (!read.success) {
      send(socket, ['NOTICE', 'this is not a message of NIP-01'])
      return
    }
    const [verb, first, ...rest] = read.data
    if (verb === 'EVENT') {
      const good = verifyEvent(first)
      if (good) {
        taken.push(first)
        keep(kept, first)
      }
      send(socket, ['OK', first.id, good, good ? '' : 'invalid: the signature is wrong'])
      if (good) pass(first)
    } else if (verb === 'REQ') {
      const open = subscriptions.get(socket)!
      if (open.size >= SUBSCRIPTIONS_MAX) {
        send(socket, ['CLOSED', first, 'error: too many subscriptions'])
        return
      }
      const filters = rest as Filter[] // The library reads filters of any shape and matches nothing by a wrong one.
      open.set(first, filters)
      for (const old of kept) if (matchFilters(filters, old)) send(socket, ['EVENT', first, old])
      send(socket, ['EOSE', first])
    } else subscriptions.get(socket)!.delete(first)
  }

  server.on('connection', (socket) => {
    subscriptions.set(socket, new Map())
    socket.on('message', (data) => hear(socket, String(data)))
    socket.on('close', () => subscriptions.delete(socket))
    socket.on('error', () => socket.terminate())
  })
  return {
    url: `ws://127.0.0.1:${address.port}`,
    taken: () => taken,
    drop: () => {
      for (const socket of server.clients) socket.terminate()
    },
    inject: pass,
    close: () =>
      new Promise((resolve) => {
        for (const socket of server.clients) socket.terminate()
        server.close(() => resolve())
      }),
  }
}

/** NIP-01: of kinds 10000 to 19999 the newest by each author is kept, of 20000 to 29999 nothing. */
function keep(kept: NostrEvent[], made: NostrEvent): void {
  if (made.kind >= 20_000 && made.kind < 30_000) return
  const place = kept.findIndex((old) => old.kind === made.kind && old.pubkey === made.pubkey)
  if (made.kind >= 10_000 && made.kind < 20_000 && place >= 0) kept.splice(place, 1)
  kept.push(made)
  if (kept.length > KEPT_MAX) kept.shift()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
