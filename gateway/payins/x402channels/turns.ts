import { GatewayError } from '../../errors/gatewayError.ts'

/** Who was told the next sum has so long to come back with it, before the others that wait for the channel. */
const LEASE_MS = 2_000
/** So long a request waits for its channel. */
const WAIT_MS = 20_000
/** Requests that wait for one channel. */
const WAITING_MAX = 64

/** `leave` lets the next one in; `leaveTo` first waits for who comes back with the sum that it was told. Both are harmless a second time. */
type Turn = Readonly<{ leave: () => void; leaveTo: () => void }>

export type Turns = ReturnType<typeof createTurns>

type Waiting = Readonly<{ isNext: () => boolean; enter: () => void }>
type Lane = { lease: NodeJS.Timeout | undefined; waiting: Waiting[] }

/**
 * Requests of one channel, one at a time until each is claimed. x402's voucher names the sum of all payments, so of several at once all but one name a wrong
 * one: each of them is told the next sum in its turn, and nobody comes between until it is back or late, so that all of them are served.
 */
export function createTurns({ leaseMs = LEASE_MS, waitMs = WAIT_MS }: Readonly<{ leaseMs?: number; waitMs?: number }> = {}) {
  const lanes = new Map<string, Lane>()

  function next(key: string, lane: Lane): void {
    clearTimeout(lane.lease)
    lane.lease = undefined
    const ready = lane.waiting.findIndex(({ isNext }) => isNext())
    const [one] = lane.waiting.splice(Math.max(ready, 0), 1) // not money: a place in a queue
    if (one) one.enter()
    else lanes.delete(key)
  }

  function turnIn(key: string, lane: Lane): Turn {
    let isOver = false
    const once = (work: () => void) => () => {
      if (isOver) return
      isOver = true
      work()
    }
    return {
      leave: once(() => next(key, lane)),
      leaveTo: once(() => {
        lane.lease = setTimeout(() => next(key, lane), leaseMs).unref()
        // It may wait here already.
        if (lane.waiting.some(({ isNext }) => isNext())) next(key, lane)
      }),
    }
  }

  function waitIn(key: string, lane: Lane, isNext: () => boolean): Promise<Turn> {
    if (lane.waiting.length >= WAITING_MAX) throw new GatewayError('too_busy', `${WAITING_MAX} requests wait for this channel already`)
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        lane.waiting = lane.waiting.filter((other) => other !== waiting)
        reject(new GatewayError('too_busy', 'Other requests of this channel were always first'))
      }, waitMs)
      const enter = () => {
        clearTimeout(late)
        resolve(turnIn(key, lane))
      }
      const waiting: Waiting = { isNext, enter }
      lane.waiting.push(waiting)
    })
  }

  return {
    /** Resolves when it is this request's turn; `isNext`: its voucher is the next one of the channel now. Throws `too_busy`. */
    async enter(key: string, isNext: () => boolean): Promise<Turn> {
      const lane = lanes.get(key)
      if (!lane) {
        const fresh: Lane = { lease: undefined, waiting: [] }
        lanes.set(key, fresh)
        return turnIn(key, fresh)
      }
      if (lane.lease === undefined || !isNext()) return waitIn(key, lane, isNext)
      clearTimeout(lane.lease)
      lane.lease = undefined
      return turnIn(key, lane)
    },
  }
}
