import { GatewayError } from '../../errors/gatewayError.ts'

/** Reads that may wait at a time; one more is answered at once that it came too early. */
const WAITERS_MAX = 10_000

type Waiter = Readonly<{ seq: number; resolve: () => void; reject: (error: GatewayError) => void; timer: NodeJS.Timeout }>

/** Lets a read wait until the projection has shown the block it wants to see. */
type ReadWaiters = Readonly<{
  /** Resolves when block `seq` is shown; throws `reads_behind` after `deadlineMs`. */
  after: (seq: number, deadlineMs: number) => Promise<void>
  /** Everything up to block `seq` is shown. */
  reached: (seq: number) => void
  /** Nothing will be shown any more. */
  fail: (why: string) => void
}>

export function createReadWaiters(): ReadWaiters {
  const waiting = new Set<Waiter>()
  let shown = 0
  let failure: string | undefined

  function end(waiter: Waiter): void {
    clearTimeout(waiter.timer)
    waiting.delete(waiter)
  }

  return {
    after(seq, deadlineMs) {
      if (seq <= shown) return Promise.resolve()
      if (failure !== undefined) return Promise.reject(behind(seq, failure))
      if (waiting.size >= WAITERS_MAX) return Promise.reject(behind(seq, `${WAITERS_MAX} reads wait already`))
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(waiter)
          reject(behind(seq, `it is at block ${shown} after ${deadlineMs} ms`))
        }, deadlineMs)
        const waiter: Waiter = { seq, resolve, reject, timer }
        waiting.add(waiter)
      })
    },
    reached(seq) {
      shown = seq
      for (const waiter of waiting) {
        if (waiter.seq > seq) continue
        end(waiter)
        waiter.resolve()
      }
    },
    fail(why) {
      failure = why
      for (const waiter of waiting) {
        end(waiter)
        waiter.reject(behind(waiter.seq, why))
      }
    },
  }
}

function behind(seq: number, why: string): GatewayError {
  return new GatewayError('reads_behind', `The read model does not show block ${seq} yet: ${why}`)
}
