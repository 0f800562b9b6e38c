import type { EventEmitter } from 'node:events'

const BACKOFF_MS_MIN = 250
const BACKOFF_MS_MAX = 10_000

/** A stream of LND's that is opened again when it breaks. */
export type Subscription = Readonly<{
  /** Breaks the stream and opens it anew: it may be dead without saying so. */
  renew: () => void
  stop: () => void
}>

/**
 * Keeps one stream of LND's open. `open` makes the client's emitter; each of its `event`s goes to `onData`. After a break it is opened again with
 * back-off, and the back-off starts over with the first event. The client's own restarts are never used: they forget what was read. `onBroken` hears
 * of the first break after each event.
 */
export function keepSubscribed(o: {
  event: string
  open: () => EventEmitter
  onData: (data: unknown) => void
  /** Each time the stream is opened; the first time too. */
  onOpen?: () => void
  onBroken?: (error: unknown) => void
}): Subscription {
  let emitter: EventEmitter | undefined
  let timer: NodeJS.Timeout | undefined
  let backoffMs = BACKOFF_MS_MIN
  let stopped = false

  const drop = () => {
    // Without listeners the client ends its stream, and the restart that it would make.
    emitter?.removeAllListeners()
    emitter = undefined
  }
  const broke = (from: EventEmitter, error: unknown) => {
    // The client says `error` twice, the second time without one; after the first nothing of this emitter counts.
    if (from !== emitter || stopped) return
    drop()
    if (backoffMs === BACKOFF_MS_MIN) o.onBroken?.(error)
    timer = setTimeout(open, backoffMs)
    backoffMs = Math.min(backoffMs * 2, BACKOFF_MS_MAX)
  }
  const open = () => {
    timer = undefined
    const opened = o.open()
    emitter = opened
    opened.on('error', (error: unknown) => broke(opened, error))
    opened.on('end', () => broke(opened, undefined))
    opened.on(o.event, (data: unknown) => {
      backoffMs = BACKOFF_MS_MIN
      o.onData(data)
    })
    o.onOpen?.()
  }
  open()
  return {
    renew: () => {
      if (stopped || timer) return
      drop()
      open()
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
      drop()
    },
  }
}
