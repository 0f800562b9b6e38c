import type { Projector } from '../audit/projector.ts'
import { GatewayError } from '../errors/gatewayError.ts'
import type { Clock } from '../ports/clock.ts'
import type { EventFilter, ListedEvent } from '../ports/readModel.ts'
import { createStreams, FIRST, type Sink, STREAM_LIMITS, type StreamLimits } from './relay/streams.ts'
import { blockOf } from './telling/eventId.ts'

/** How long a read waits for the read model to show what was acknowledged before it. */
const READ_WAIT_MS = 2000
/** Where lists have what comes before the first event. */
const BEGINNING = ''

/** Events as this gateway tells them; `party`: whose alone. */
export type EventsFace = Readonly<{
  /** Events after a cursor, in order. Throws `event_cursor_unknown` and `reads_behind`. */
  page: (filter: EventFilter, after: string | undefined, limit: number) => Promise<readonly ListedEvent[]>
  /** Throws `not_found`. */
  one: (id: string, party: string | undefined) => Promise<ListedEvent>
  /** Writes what comes after a cursor, or from now on, until the function that it answers is called. Throws as `page`, and `too_many_streams`. */
  stream: (caller: string, filter: EventFilter, after: string | undefined) => Promise<(sink: Sink) => () => void>
  /** Ends every stream: each reader can come again with the id that it has read last. */
  endStreams: () => void
}>

type Parts = Readonly<{
  projector: Pick<Projector, 'reads' | 'readAfter'>
  books: Readonly<{ head: () => Readonly<{ seq: number }> }>
  clock: Clock
  thread: Parameters<typeof createStreams>[0]['thread']
  limits?: StreamLimits
}>

/** What others are told, read behind the journal. */
export function openEvents({
  projector,
  books,
  clock,
  thread,
  limits = STREAM_LIMITS,
}: Parts): EventsFace & Readonly<{ close: () => Promise<void> }> {
  const streams = createStreams({ thread, limits, now: () => clock.now() })
  const shown = () => projector.readAfter(books.head().seq, READ_WAIT_MS)

  /** A cursor is an event of the same reader. */
  async function check(after: string, party: string | undefined): Promise<string> {
    if (after === FIRST) return BEGINNING
    const seq = blockOf(after)
    if (seq !== undefined && seq <= books.head().seq) {
      await projector.readAfter(seq, READ_WAIT_MS)
      if (projector.reads.event(after, party)) return after
    }
    throw new GatewayError('event_cursor_unknown', `There is no event ${after.slice(0, 60)} for this key`)
  }

  return {
    async page(filter, after, limit) {
      await shown()
      return projector.reads.events(filter, after === undefined ? BEGINNING : await check(after, filter.party), limit)
    },
    async one(id, party) {
      await shown()
      const event = projector.reads.event(id, party)
      if (!event) throw new GatewayError('not_found', `There is no event ${id.slice(0, 60)} for this key`)
      return event
    },
    async stream(caller, filter, after) {
      if (after === undefined) await shown()
      const from = after === undefined ? projector.reads.lastEvent() : await check(after, filter.party)
      streams.check(caller)
      return (sink) => streams.open(caller, filter, from, sink)
    },
    endStreams: streams.endAll,
    close: streams.close,
  }
}
