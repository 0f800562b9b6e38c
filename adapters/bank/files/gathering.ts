import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Payment } from './store.ts'

/** Orders of one file at most; one of them takes about a kilobyte at most, and banks take files of 10 MB. */
const ORDERS_MAX = 5_000
/** Orders wait for others as long as more come, but never longer than so many times what they wait for one. */
const WAITS_MAX = 10

type Gathered = Readonly<{ payments: Map<string, Payment>; left: PromiseWithResolvers<void> }>
type Timers = { quiet?: NodeJS.Timeout; last?: NodeJS.Timeout }

export type Gathering = ReturnType<typeof gatherOrders>

/**
 * Orders that leave in one file: those that come while nothing happens for `quietMs` at most. `leave` writes the file. What it does not hand over is here no
 * more, so that it is looked up.
 */
export function gatherOrders(leave: (payments: readonly Payment[]) => Promise<void>, quietMs: number) {
  let open: Gathered | undefined
  const leaving = new Set<Gathered>()
  const timers: Timers = {}

  function close(): Promise<void> | undefined {
    clearTimeout(timers.quiet)
    clearTimeout(timers.last)
    const file = open
    if (!file) return
    open = undefined
    leaving.add(file)
    const { left } = file
    void leave([...file.payments.values()])
      .then(left.resolve, left.reject)
      .finally(() => leaving.delete(file))
    return left.promise.catch(() => undefined)
  }

  function fileOf(attemptId: string): Gathered | undefined {
    return [...leaving, ...(open ? [open] : [])].find(({ payments }) => payments.has(attemptId))
  }

  return {
    has: (attemptId: string) => fileOf(attemptId) !== undefined,
    /** Resolves when its file has left; rejects when that is not sure. */
    join(payment: Payment): Promise<void> {
      const known = fileOf(payment.attemptId)
      if (known) return known.left.promise
      open ??= { payments: new Map(), left: Promise.withResolvers() }
      const { payments, left } = open
      invariant(payment.state === 'prepared', `a payment that is ${payment.state} does not leave again`)
      payments.set(payment.attemptId, payment)
      clearTimeout(timers.quiet)
      timers.quiet = setTimeout(close, quietMs)
      if (payments.size === 1) timers.last = setTimeout(close, quietMs * WAITS_MAX)
      if (payments.size >= ORDERS_MAX) void close()
      return left.promise
    },
    /** What is gathered leaves now. Resolves when nothing is leaving any more. */
    async end(): Promise<void> {
      await Promise.all([close(), ...[...leaving].map(({ left }) => left.promise.catch(() => undefined))])
    },
  }
}
