import { WebSocket } from 'ws'

/** A WebSocket that comes back by itself until it is closed. */
type LastingSocket = Readonly<{
  isOpen: () => boolean
  /** Sends a message as JSON; drops it while there is no connection. */
  send: (message: unknown) => void
  close: () => void
}>

const MESSAGE_BYTES_MAX = 1 << 17
const HANDSHAKE_MS_MAX = 10_000
const PING_MS = 30_000
const RETRY_MS_MIN = 250
const RETRY_MS_MAX = 30_000

/** Connects, and reconnects with growing pauses. `onOpen` is called after each connection, `onError` with why one broke. */
export function openLastingSocket(
  url: string,
  o: { onOpen: () => void; onText: (text: string) => void; onError: (error: Error) => void },
): LastingSocket {
  let socket: WebSocket | undefined
  let timer: NodeJS.Timeout | undefined
  let retryMs = RETRY_MS_MIN
  let closed = false

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
      o.onOpen()
    })
    next.on('message', (data) => o.onText(String(data)))
    // The reason stands in the error; what follows is always `close`.
    next.on('error', o.onError)
    next.on('close', () => {
      clearInterval(ping)
      if (closed) return
      timer = setTimeout(connect, retryMs)
      retryMs = retryMs * 2 < RETRY_MS_MAX ? retryMs * 2 : RETRY_MS_MAX
    })
  }

  const isOpen = () => socket?.readyState === WebSocket.OPEN
  connect()
  return {
    isOpen,
    send(message) {
      if (isOpen()) socket?.send(JSON.stringify(message))
    },
    close() {
      closed = true
      clearTimeout(timer)
      socket?.terminate()
    },
  }
}
