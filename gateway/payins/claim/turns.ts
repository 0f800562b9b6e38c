import { GatewayError } from '../../errors/gatewayError.ts'

/** Who was told the next sum has so long to come back with it, before the others that wait for the channel. */
const LEASE_MS = 2_000
/** So long a request waits for its turn. */
const WAIT_MS = 20_000
/** Requests that wait for one channel, or one pass. */
const WAITING_MAX = 64

/** `leave` lets the next one in; `leaveTo` first waits until the same request is back with the sum that it was told. Both are harmless a second time. */
type Turn = Readonly<{ leave: () => void; leaveTo: () => void }>

export type Turns = ReturnType<typeof createTurns>

/** `name`: the same for the same request. `isNext`: its voucher is the next one of the channel now. */
type Asking = Readonly<{ name: string; isNext: () => boolean }>
type Waiting = Asking & Readonly<{ enter: () => void }>
type Lane = { lease: Readonly<{ name: string; timer: NodeJS.Timeout }> | undefined; waiting: Waiting[] }

/**
 * Requests of one channel, or of one pass, one at a time until each is claimed. x402's voucher names the sum of all payments, so of several at once all but one
 * name a wrong one: each of them is told the next sum in its turn, and nobody comes between until it is back or late, so that all of them are served.
 */
export function createTurns({ leaseMs = LEASE_MS, waitMs = WAIT_MS }: Readonly<{ leaseMs?: number; waitMs?: number }> = {}) {
  const lanes = new Map<string, Lane>()

  function next(key: string, lane: Lane): void {
    endLease(lane)
    const ready = lane.waiting.findIndex(({ isNext }) => isNext())
    const [one] = lane.waiting.splice(Math.max(ready, 0), 1) // not money: a place in a queue
    if (one) one.enter()
    else lanes.delete(key)
  }

  function turnIn(key: string, lane: Lane, name: string): Turn {
    let isOver = false
    const once = (work: () => void) => () => {
      if (isOver) return
      isOver = true
      work()
    }
    return {
      leave: once(() => next(key, lane)),
      leaveTo: once(() => {
        lane.lease = { name, timer: setTimeout(() => next(key, lane), leaseMs).unref() }
      }),
    }
  }

  function waitIn(key: string, lane: Lane, asking: Asking): Promise<Turn> {
    if (lane.waiting.length >= WAITING_MAX) throw new GatewayError('too_busy', `${WAITING_MAX} requests wait for their turn already`)
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        lane.waiting = lane.waiting.filter((other) => other !== waiting)
        reject(new GatewayError('too_busy', 'Other requests were always first'))
      }, waitMs)
      const enter = () => {
        clearTimeout(late)
        resolve(turnIn(key, lane, asking.name))
      }
      const waiting: Waiting = { ...asking, enter }
      lane.waiting.push(waiting)
    })
  }

  return {
    /** Resolves when it is this request's turn. Throws `too_busy`. */
    async enter(key: string, asking: Asking): Promise<Turn> {
      const lane = lanes.get(key)
      if (!lane) {
        const fresh: Lane = { lease: undefined, waiting: [] }
        lanes.set(key, fresh)
        return turnIn(key, fresh, asking.name)
      }
      if (lane.lease?.name !== asking.name) return waitIn(key, lane, asking)
      endLease(lane)
      return turnIn(key, lane, asking.name)
    },
  }
}

function endLease(lane: Lane): void {
  clearTimeout(lane.lease?.timer)
  lane.lease = undefined
}
