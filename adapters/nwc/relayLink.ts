import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { openLastingSocket } from './lastingSocket.ts'
import { relayMessage, type WireEvent } from './wire.ts'

/** A filter of NIP-01, as far as it is used here. */
type EventFilter = Readonly<{
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

const PUBLISH_MS_MAX = 5_000

type Subscription = Readonly<{ filter: () => EventFilter; onEvent: (event: WireEvent) => void }>
type Waiting = Readonly<{ resolve: () => void; reject: (error: Error) => void }>

/** Connects, and reconnects with growing pauses until it is closed. `onOpen` is called after each connection. */
export function openRelayLink(url: string, o: { onOpen?: () => void; log: (line: string) => void }): RelayLink {
  const subscriptions = new Map<string, Subscription>()
  const waiting = new Map<string, Waiting>()

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

  const socket = openLastingSocket(url, {
    onOpen: () => {
      for (const [id, { filter }] of subscriptions) socket.send(['REQ', id, filter()])
      o.onOpen?.()
    },
    onText: hear,
    onError: (error) => o.log(`nwc: ${url}: ${error.message}`),
  })

  return {
    url,
    connected: socket.isOpen,
    publish(event) {
      if (!socket.isOpen()) return Promise.reject(new GatewayError('rail_unavailable', `The relay ${url} is not connected`))
      let late: NodeJS.Timeout | undefined
      // Not Promise.withResolvers: payers run under Node 20 too.
      const taken = new Promise<void>((resolve, reject) => {
        const slow = new GatewayError('rail_unavailable', `The relay ${url} did not take an event in time`)
        late = setTimeout(() => reject(slow), PUBLISH_MS_MAX)
        waiting.set(event.id, { resolve, reject })
      })
      socket.send(['EVENT', event])
      return taken.finally(() => {
        clearTimeout(late)
        waiting.delete(event.id)
      })
    },
    subscribe(id, filter, onEvent) {
      subscriptions.set(id, { filter, onEvent })
      socket.send(['REQ', id, filter()])
    },
    unsubscribe(id) {
      subscriptions.delete(id)
      socket.send(['CLOSE', id])
    },
    close: socket.close,
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
