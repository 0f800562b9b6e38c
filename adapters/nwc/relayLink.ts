import { WebSocket } from 'ws'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { relayMessage, type WireEvent } from './wire.ts'

/** A filter of NIP-01, as far as it is used here. */
export type EventFilter = Readonly<{
  kinds: readonly number[]
  authors?: readonly string[]
  '#p'?: readonly string[]
  '#e'?: readonly string[]
  since?: number
}>

/** A connection to one relay that comes back by itself. */
export type RelayLink = Readonly<{
  url: string
  connected: () => boolean
  /** Resolves when the relay has taken the event; throws `rail_unavailable` when it refuses or does not answer in time. */
  publish: (event: WireEvent) => Promise<void>
  /** Asks for events from now on; the same id again replaces what was asked for. Asked again after each reconnection. */
  subscribe: (id: string, filter: () => EventFilter, onEvent: (event: WireEvent) => void) => void
  unsubscribe: (id: string) => void
  close: () => void
}>

const MESSAGE_BYTES_MAX = 1 << 17
const PUBLISH_MS_MAX = 5_000
const HANDSHAKE_MS_MAX = 10_000
const PING_MS = 30_000
const RETRY_MS_MIN = 250
const RETRY_MS_MAX = 30_000

type Subscription = Readonly<{ filter: () => EventFilter; onEvent: (event: WireEvent) => void }>
type Waiting = Readonly<{ resolve: () => void; reject: (error: Error) => void }>

/** Connects, and reconnects with growing pauses until it is closed. `onOpen` is called after each connection. */
export function openRelayLink(url: string, o: { onOpen?: () => void; log: (line: string) => void }): RelayLink {
  const subscriptions = new Map<string, Subscription>()
  const waiting = new Map<string, Waiting>()
  let socket: WebSocket | undefined
  let timer: NodeJS.Timeout | undefined
  let retryMs = RETRY_MS_MIN
  let closed = false

  const isOpen = () => socket?.readyState === WebSocket.OPEN
  const say = (message: unknown) => {
    if (isOpen()) socket?.send(JSON.stringify(message))
  }

  function hear(text: string): void {
    const read = relayMessage.safeParse(parsed(text))
    if (!read.success) return
    const message = read.data
    if (message[0] === 'EVENT') subscriptions.get(message[1])?.onEvent(message[2])
    else if (message[0] === 'OK') {
      const waiter = waiting.get(message[1])
      if (message[2]) waiter?.resolve()
      else waiter?.reject(new GatewayError('rail_unavailable', `The relay ${url} refused an event: ${message[3].slice(0, 100)}`))
    } else if (message[0] === 'CLOSED') o.log(`nwc: the relay ${url} ended a subscription: ${message[2].slice(0, 100)}`)
  }

  function connect(): void {
    const next = new WebSocket(url, { maxPayload: MESSAGE_BYTES_MAX, handshakeTimeout: HANDSHAKE_MS_MAX })
    socket = next
    let alive = true
    const ping = setInterval(() => {
      if (!alive) return next.terminate()
      alive = false
      next.ping()
    }, PING_MS)
    ping.unref()
    next.on('pong', () => {
      alive = true
    })
    next.on('open', () => {
      retryMs = RETRY_MS_MIN
      for (const [id, { filter }] of subscriptions) say(['REQ', id, filter()])
      o.onOpen?.()
    })
    next.on('message', (data) => hear(String(data)))
    // The reason stands in the error; what follows is always `close`.
    next.on('error', (error) => o.log(`nwc: ${url}: ${error.message}`))
    next.on('close', () => {
      clearInterval(ping)
      if (closed) return
      timer = setTimeout(connect, retryMs)
      retryMs = retryMs * 2 < RETRY_MS_MAX ? retryMs * 2 : RETRY_MS_MAX
    })
  }

  connect()
  return {
    url,
    connected: isOpen,
    publish(event) {
      if (!isOpen()) return Promise.reject(new GatewayError('rail_unavailable', `The relay ${url} is not connected`))
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const late = setTimeout(
        () => reject(new GatewayError('rail_unavailable', `The relay ${url} did not take an event in time`)),
        PUBLISH_MS_MAX,
      )
      waiting.set(event.id, { resolve, reject })
      say(['EVENT', event])
      return promise.finally(() => {
        clearTimeout(late)
        waiting.delete(event.id)
      })
    },
    subscribe(id, filter, onEvent) {
      subscriptions.set(id, { filter, onEvent })
      say(['REQ', id, filter()])
    },
    unsubscribe(id) {
      subscriptions.delete(id)
      say(['CLOSE', id])
    },
    close() {
      closed = true
      clearTimeout(timer)
      socket?.terminate()
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
