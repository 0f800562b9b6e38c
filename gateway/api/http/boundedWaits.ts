import type { FastifyReply } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'

/** Requests that wait for something to happen before they are answered. */
type BoundedWaits = Readonly<{
  /** Runs `work` with a signal that aborts when the caller has gone or the server stops. Refuses with `too_busy` when too many wait. */
  during<T>(reply: Pick<FastifyReply, 'raw'>, work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Lets all of them be answered as things stand; who comes later does not wait. */
  end(): void
}>

/** So many requests at a time may wait: each holds a connection. */
export function boundedWaits(max: number): BoundedWaits {
  const waiting = new Set<AbortController>()
  let ended = false
  return {
    async during({ raw }, work) {
      if (ended) return work(AbortSignal.abort())
      if (waiting.size >= max) {
        throw new GatewayError('too_busy', `${max} requests wait already`, {
          hint: 'Ask without wait, or again after the seconds in Retry-After.',
        })
      }
      const until = new AbortController()
      const gone = () => until.abort()
      waiting.add(until)
      raw.once('close', gone)
      try {
        return await work(until.signal)
      } finally {
        waiting.delete(until)
        raw.off('close', gone)
      }
    },
    end() {
      ended = true
      for (const until of waiting) until.abort()
    },
  }
}
