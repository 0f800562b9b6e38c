import type { Books } from '../ports/books.ts'
import type { Ground } from '../ports/ground.ts'
import type { PublicPost } from '../ports/publicHttp.ts'
import type { WebhookLog } from '../ports/webhookOutbox.ts'
import type { Address, Notice } from './webhooks/address.ts'
import { type Endpoint, filterOf } from './webhooks/endpoint.ts'
import { createEndpoints, type Endpoints } from './webhooks/endpoints.ts'

/** A thread that failed is started again so much later. */
const AGAIN_MS = 1_000

/** What the webhooks show: endpoints, and what became of the events that each was brought. */
export type WebhooksFace = Readonly<{ endpoints: Endpoints; deliveries: WebhookLog['deliveries'] }>

/** The thread that brings events. It starts with the first addresses, and anew with the next ones when it has failed. */
export type CourierThread = Readonly<{ post: (addresses: readonly Address[]) => void; close: () => Promise<void> }>

type Parts = Readonly<{
  books: Books
  http: Pick<PublicPost, 'check'>
  key: Uint8Array
  thread: (onNotice: (notice: Notice) => void, onEnded: () => void) => CourierThread
  log: WebhookLog
  onFatal: (error: unknown) => void
}>

type Opened = WebhooksFace & Readonly<{ start: () => void; close: () => Promise<void> }>

/** Webhooks, brought by a thread of their own. Call it before the books start. */
export function openWebhooks({ clock, ids }: Ground, { books, http, key, log, onFatal, ...o }: Parts): Opened {
  const endpoints = createEndpoints({ books, clock, ids, http, key, onChange: tellAll })
  const writing = new Map<string, Promise<void>>()
  let started = false
  let again: NodeJS.Timeout | undefined
  const thread = o.thread(heed, () => {
    if (started) again = setTimeout(tellAll, AGAIN_MS)
  })

  function tellAll(): void {
    if (!started) return
    thread.post(endpoints.all().map((endpoint) => addressOf(endpoint, endpoints)))
  }

  /** The courier says the same until it hears of it: one fact is enough. */
  function heed(notice: Notice): void {
    const { endpoint } = notice
    if (!started || writing.has(endpoint)) return
    const work = note(endpoints, notice)
      .catch(onFatal)
      .finally(() => writing.delete(endpoint))
    writing.set(endpoint, work)
  }

  return {
    endpoints,
    deliveries: log.deliveries,
    start() {
      started = true
      if (endpoints.all().length > 0) tellAll()
    },
    async close() {
      started = false
      clearTimeout(again)
      await thread.close()
      await Promise.all(writing.values())
      log.close()
    },
  }
}

async function note(endpoints: Endpoints, notice: Notice): Promise<void> {
  const known = endpoints.all().find(({ id }) => id === notice.endpoint)
  if (!known || known.off) return
  if (notice.kind === 'off') await endpoints.switchOff(known.id, notice.why)
  else if (notice.kind === 'failing' && known.failingSince === undefined) await endpoints.failing(known.id, notice.since)
  else if (notice.kind === 'recovered' && known.failingSince !== undefined) await endpoints.recovered(known.id)
}

function addressOf(endpoint: Endpoint, endpoints: Pick<Endpoints, 'secretsOf'>): Address {
  const { id, holder, url, version, start, failingSince, replay } = endpoint
  const [secret, former] = endpoints.secretsOf(endpoint) as [string, string?] // There is a current one.
  const secrets = { secret, former, formerUntil: endpoint.secret.previousUntil }
  return { id, holder, url, version, filter: filterOf(endpoint), start, ...secrets, off: endpoint.off !== undefined, failingSince, replay }
}
