import type { Connection } from './call.ts'
import { followEvents, type Place } from './followEvents.ts'
import type { EventType, SwitchyardEvent } from './generated/events.ts'
import type { ListEventsQuery } from './generated/types.ts'
import type { Pages } from './pages.ts'
import { slept } from './slept.ts'
import { isSwitchyardError } from './switchyardError.ts'

/** One after the other without a word of the gateway's. */
const BREAKS_MAX = 10
const FIRST_WAIT_MS = 250
const WAIT_MS_MAX = 15_000
/** Between two looks at pages, where no stream can be had. */
const POLL_MS = 2_000
/** So many looks at pages, then a stream is tried again. */
const LOOKS_MAX = 30

/** `after`: the id of the event that was read last, or `first`; without it, from now on. */
export type EventsOptions = Readonly<{
  after?: string | undefined
  types?: readonly (EventType | `${string}.*`)[] | undefined
  subject?: string | undefined
  signal?: AbortSignal | undefined
}>

type List = (query: ListEventsQuery, options: Pick<EventsOptions, 'signal'>) => Pages<SwitchyardEvent>
type Asked = Readonly<{ query: ListEventsQuery; signal: AbortSignal | undefined }>

/**
 * The events of a gateway as they happen, each at least once and in their order. A stream that breaks goes on behind the event that came last; where none can
 * be had, pages are looked at instead. Ends when `signal` ends it, and throws what a person must see: a key that may not, a gateway that is away for long.
 */
export async function* eventStream(connection: Connection, o: EventsOptions, list: List): AsyncGenerator<SwitchyardEvent, void, undefined> {
  const place: Place = { after: o.after, breaks: 0 }
  const asked: Asked = { query: { type: o.types?.join(), subject: o.subject }, signal: o.signal }
  while (!o.signal?.aborted) {
    try {
      yield* followEvents(connection, asked, place)
    } catch (error) {
      if (o.signal?.aborted) return
      if (hasNoStream(error) && place.after !== undefined) {
        yield* lookedAt(list, asked, place)
        continue
      }
      if (!mayPass(error) || place.breaks >= BREAKS_MAX) throw error
    }
    await slept(Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * 2 ** place.breaks++), o.signal) // not money: a time
  }
}

async function* lookedAt(list: List, { query, signal }: Asked, place: Place): AsyncGenerator<SwitchyardEvent, void, undefined> {
  for (let looks = 0; looks < LOOKS_MAX && !signal?.aborted; looks++) {
    for await (const event of list(Object.assign({}, query, { after: place.after }), { signal })) {
      place.after = event.id
      yield event
    }
    await slept(POLL_MS, signal)
  }
}

/** Somebody between does not let streams through, or there are too many. */
function hasNoStream(error: unknown): boolean {
  return isSwitchyardError(error, 'too_many_streams') || (isSwitchyardError(error, 'unreadable_answer') && error.status === 200)
}

function mayPass(error: unknown): boolean {
  if (!isSwitchyardError(error)) return false
  return error.code === 'not_reached' || (error.status !== undefined && (error.status >= 500 || error.status === 429))
}
