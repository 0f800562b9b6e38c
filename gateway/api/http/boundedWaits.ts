import type { FastifyReply } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import { createUnderWay } from '../../ledger/process/underWay.ts'

/** Requests that wait for something to happen before they are answered. */
type BoundedWaits = Readonly<{
  /** Runs `work` with a signal that aborts when the caller has gone or the server stops. Refuses with `too_busy` when too many wait. */
  during<T>(who: Waiting, work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Lets all of them be answered as things stand; who comes later does not wait. */
  end(): void
}>

/** `caller`: whose request it is, and `reply` how it is answered. */
type Waiting = Readonly<{ caller: string; reply: Pick<FastifyReply, 'raw'> }>

/** So many requests at a time may wait, since each holds a connection: of one caller no more than places stay free. */
export function boundedWaits(max: number): BoundedWaits {
  const waiting = new Set<AbortController>()
  const own = createUnderWay()
  let ended = false
  return {
    async during({ caller, reply: { raw } }, work) {
      if (ended) return work(AbortSignal.abort())
      if (own.of(caller) >= max - waiting.size) {
        throw new GatewayError('too_busy', `${own.of(caller)} requests of this caller wait already, and ${waiting.size} of all`, {
          hint: 'Ask without wait, or again after the seconds in Retry-After.',
        })
      }
      const until = new AbortController()
      const gone = () => until.abort()
      waiting.add(until)
      raw.once('close', gone)
      try {
        return await own.during([caller], () => work(until.signal))
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
