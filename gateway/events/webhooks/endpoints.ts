import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Books, Claim, Fact } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { PublicPost } from '../../ports/publicHttp.ts'
import { endOfBlock } from '../telling/eventId.ts'
import { afterFact, type Endpoint } from './endpoint.ts'
import { createEndpointRecords, type EndpointRecords } from './endpointRecords.ts'
import { type ChangeData, type OffReason, toWebhookFact, type WebhookFact } from './facts.ts'
import { endpointSecret, signingSecrets } from './secret.ts'

/** Endpoints of one holder, and of all. */
const [OF_HOLDER_MAX, MAX] = [16, 1_000]

/** `along`: what becomes durable with it, such as the answer that is kept for a repeat. */
type Along = (endpoint: Endpoint) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>
/** `by`: who asks for it. */
type Hand = Readonly<{ by: string; along: Along }>
type Order = Readonly<{
  holder: string
  url: string
  version: string
  types?: readonly string[] | undefined
  description?: string | undefined
  metadata: Readonly<Record<string, string>>
}>
/** `until` absent: all up to now. */
type Range = Readonly<{ from: string; until: string | undefined }>
type Change = { [K in keyof Omit<ChangeData, 'by'>]: ChangeData[K] | undefined }

type Parts = Readonly<{
  books: Books
  clock: Clock
  ids: IdSource
  http: Pick<PublicPost, 'check'>
  /** From which all secrets follow. */
  key: Uint8Array
  /** Told whenever an endpoint is another one now. */
  onChange: () => void
}>

export type Endpoints = ReturnType<typeof createEndpoints>

/** The register of endpoints. */
export function createEndpoints({ books, clock, ids, http, key, onChange }: Parts) {
  const records = createEndpointRecords(books)
  const room = createRoom(records)
  const get = (id: string) => known(records, id)

  /** Answers the endpoint as it is then, or was when it is deleted. */
  async function write(fact: WebhookFact, along: Along): Promise<Endpoint> {
    const before = records.find(fact.id)
    const after = afterFact(before, fact) ?? (before as Endpoint) // What is deleted stood before.
    const { claims, facts } = along(after)
    await submitUntilKnown(books, { claims, facts: [toWebhookFact(fact), ...facts] })
    onChange()
    return after
  }

  return {
    get,
    all: records.all,
    ofHolder: records.ofHolder,
    /** Refuses with `destination_forbidden` and `destination_unreachable` for its URL, and `too_many_endpoints`. */
    async create(order: Order, { by, along }: Hand): Promise<Endpoint> {
      await http.check(new URL(order.url))
      const data = compact({ ...order, by, start: endOfBlock(books.head().seq) })
      return room.taken(order.holder, () => write({ type: 'webhook.created', id: ids.next('we_'), at: clock.now(), data }, along))
    },
    async change(id: string, change: Change, { by, along }: Hand): Promise<void> {
      if (change.url !== undefined) await http.check(new URL(change.url))
      await write({ type: 'webhook.changed', id: get(id).id, at: clock.now(), data: compact({ ...change, by }) }, along)
    },
    async enable(id: string, { by, along }: Hand): Promise<void> {
      await write({ type: 'webhook.enabled', id: get(id).id, at: clock.now(), data: { by } }, along)
    },
    async disable(id: string, { by, along }: Hand): Promise<void> {
      await write({ type: 'webhook.disabled', id: get(id).id, at: clock.now(), data: { why: 'asked', by } }, along)
    },
    async remove(id: string, { by, along }: Hand): Promise<void> {
      await write({ type: 'webhook.deleted', id: get(id).id, at: clock.now(), data: { by } }, along)
    },
    /** The secret before signs too for `overlapMs`. */
    async rotate(id: string, overlapMs: number, { by, along }: Hand): Promise<Endpoint> {
      const endpoint = get(id)
      const now = clock.now()
      const data = { n: endpoint.secret.n + 1, previousUntil: now + overlapMs, by }
      return write({ type: 'webhook.rotated', id: endpoint.id, at: now, data }, along)
    },
    /** Brings these events again, the first and the last one with them. It takes the place of a replay that has not ended. */
    async replay(id: string, { from, until = endOfBlock(books.head().seq) }: Range, { by, along }: Hand): Promise<void> {
      const endpoint = get(id)
      const data = { n: (endpoint.replay?.n ?? 0) + 1, from, until, by }
      await write({ type: 'webhook.replayed', id: endpoint.id, at: clock.now(), data }, along)
    },
    /** The current secret. */
    secretOf: ({ id, secret: { n } }: Endpoint): string => endpointSecret(key, { id, n }),
    /** All that sign now. */
    secretsOf: (endpoint: Endpoint): readonly string[] => signingSecrets(key, endpoint, clock.now()),
    ...foundByCourier({ records, clock, write }),
  }
}

function known(records: EndpointRecords, id: string): Endpoint {
  const endpoint = records.find(id)
  if (!endpoint) throw new GatewayError('not_found', `There is no webhook endpoint ${id.slice(0, 60)}`)
  return endpoint
}

/** Counts those that are being made too, because many may be asked for at once. */
function createRoom(records: EndpointRecords) {
  const making = new Map<string, number>()
  return {
    async taken<T>(holder: string, make: () => Promise<T>): Promise<T> {
      const own = making.get(holder) ?? 0
      const others = [...making.values()].reduce((sum, count) => sum + count, 0)
      if (records.ofHolder(holder).length + own >= OF_HOLDER_MAX)
        throw new GatewayError('too_many_endpoints', `This holder has ${OF_HOLDER_MAX} webhook endpoints`)
      if (records.all().length + others >= MAX) throw new GatewayError('too_many_endpoints', `There are ${MAX} webhook endpoints`)
      making.set(holder, own + 1)
      try {
        return await make()
      } finally {
        const left = (making.get(holder) ?? 1) - 1
        if (left === 0) making.delete(holder)
        else making.set(holder, left)
      }
    },
  }
}

type Found = Readonly<{ records: EndpointRecords; clock: Clock; write: (fact: WebhookFact, along: Along) => Promise<Endpoint> }>

/** What nobody asked for: it is written of endpoints that there still are. */
function foundByCourier({ records, clock, write }: Found) {
  const note = async (fact: WebhookFact) => {
    if (records.find(fact.id)) await write(fact, () => ({ claims: [], facts: [] }))
  }
  return {
    failing: (id: Endpoint['id'], since: number) => note({ type: 'webhook.failing', id, at: clock.now(), data: { since } }),
    recovered: (id: Endpoint['id']) => note({ type: 'webhook.recovered', id, at: clock.now(), data: {} }),
    switchOff: (id: Endpoint['id'], why: OffReason) =>
      note({ type: 'webhook.disabled', id, at: clock.now(), data: { why, by: 'gateway' } }),
  }
}

/** A fact carries what is there. */
function compact<T extends object>(data: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> } // As filtered.
}
