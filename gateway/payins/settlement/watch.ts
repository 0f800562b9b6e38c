import type { Books, Fact } from '../../ports/books.ts'
import type { IdSource } from '../../ports/clock.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Receiver } from '../../ports/receiver.ts'
import type { BookingContext } from './bookingContext.ts'
import { bookOnce } from './bookOnce.ts'

const RESTART_MS = 500

/** Books everything that the rails report, one rail after its own order, each settlement once. A stream that breaks is taken up at its cursor. */
export function watchSettlements(o: {
  books: Books
  context: BookingContext
  receivers: readonly Receiver[]
  ids: IdSource
  /** The facts of one block of the journal. */
  factsAt: (seq: number) => Promise<readonly Fact[]>
  /** Resolves when what the rail held before is booked; throws while it does not say. */
  capitalOf: (rail: RailName) => Promise<void>
  log: (line: string) => void
}) {
  const stop = new AbortController()
  const loops = o.receivers.map((receiver) => loop(receiver))

  async function loop(receiver: Receiver): Promise<void> {
    let told = ''
    while (!stop.signal.aborted) {
      try {
        await o.capitalOf(receiver.rail)
        const stream = receiver.settlements(o.context.settlements.cursor(receiver.rail), { signal: stop.signal })
        for await (const settlement of stream) {
          await bookOnce(settlement, o)
          told = ''
        }
      } catch (error) {
        const why = error instanceof Error ? error.message : 'unknown error'
        // Once for each reason: a rail may stay away for days.
        if (!stop.signal.aborted && why !== told) o.log(`${receiver.rail}: the stream of settlements broke, taking it up again: ${why}`)
        told = why
      }
      if (!stop.signal.aborted) await new Promise((resolve) => setTimeout(resolve, RESTART_MS))
    }
  }

  return {
    async close(): Promise<void> {
      stop.abort()
      await Promise.allSettled(loops)
    },
  }
}
