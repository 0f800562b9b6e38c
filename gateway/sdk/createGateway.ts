import { type Connection, call } from './call.ts'
import { type EventsOptions, eventStream } from './eventStream.ts'
import type { SwitchyardEvent } from './generated/events.ts'
import { OPERATIONS } from './generated/operations.ts'
import type { Events, Resources } from './generated/resources.ts'
import type { KeyedOptions, Operation, Query } from './operation.ts'
import { pagesOf } from './pages.ts'
import { verifyWebhook } from './verifyWebhook.ts'

/**
 * `url`: the gateway's address. `key`: an API key (`sk_...`); without one only what needs none can be asked. `fetch`: instead of the runtime's own.
 * `deadlineMs`: for each call with all its repeats, a minute unless told.
 */
export type GatewayOptions = Readonly<{
  url: string
  key?: string | undefined
  fetch?: typeof globalThis.fetch | undefined
  deadlineMs?: number | undefined
}>

/** Every operation of the API by its resource, the stream of events, and the check of a webhook. */
export type Gateway = Omit<Resources, 'events'> &
  Readonly<{
    /** Events as they happen; `for await` them. */
    events: Events & ((o?: EventsOptions) => AsyncGenerator<SwitchyardEvent, void, undefined>)
    webhooks: Readonly<{ verify: typeof verifyWebhook }>
  }>

type Method = (...words: readonly unknown[]) => unknown

/** A client of one gateway. It keeps nothing open, and nothing global is touched. */
export function createGateway({ url, key, fetch = globalThis.fetch, deadlineMs }: GatewayOptions): Gateway {
  if (!/^https?:$/.test(new URL(url).protocol)) throw new TypeError(`${url} is no address of a gateway: it begins with http:// or https://`)
  // Called alone: the fetch of a browser wants no other `this`.
  const connection: Connection = { url: url.replace(/\/+$/, ''), key, fetch: (...words) => fetch(...words), deadlineMs }
  const resources: Record<string, Record<string, Method>> = {}
  for (const [id, operation] of Object.entries(OPERATIONS)) {
    const [resource, method] = operation.at
    resources[resource] ??= {}
    resources[resource][method] = methodOf(connection, id, operation)
  }
  const made = resources as unknown as Resources // Both are written from one description (`npm run sdk`).
  const events = (o: EventsOptions = {}) => eventStream(connection, o, made.events.list)
  return Object.assign({}, made, { events: Object.assign(events, made.events), webhooks: { verify: verifyWebhook } })
}

/** The words of a method are the ids of its path, then the body and the query where it has them, then options. */
function methodOf(connection: Connection, id: string, operation: Operation): Method {
  const ids = operation.path.match(/{[^}]+}/g)?.length ?? 0
  return (...words) => {
    const rest = words.slice(ids)
    const body = operation.body ? (rest.shift() ?? {}) : undefined
    const query = (operation.query ? rest.shift() : undefined) as Query | undefined
    const options = (rest.shift() ?? {}) as KeyedOptions
    const params = words.slice(0, ids) as readonly string[]
    const ask = (asked: Query | undefined) => call(connection, { id, operation, params, body, query: asked, options })
    return operation.paged ? pagesOf(query ?? {}, ask) : ask(query)
  }
}
