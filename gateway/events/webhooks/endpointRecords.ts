import type { Books } from '../../ports/books.ts'
import type { EndpointId } from '../../ports/ids.ts'
import { afterFact, type Endpoint } from './endpoint.ts'
import { readWebhookFact } from './facts.ts'

export type EndpointRecords = ReturnType<typeof createEndpointRecords>

/** The endpoints, as facts make them. Few of a holder and of all, so lists are made when they are asked for. */
export function createEndpointRecords(books: Books) {
  const byId = new Map<EndpointId, Endpoint>()

  books.remember({
    name: 'events.webhooks',
    form: 1,
    tables: { byId },
    apply(fact) {
      const known = readWebhookFact(fact)
      if (!known) return
      const after = afterFact(byId.get(known.id), known)
      if (after) byId.set(known.id, after)
      else byId.delete(known.id)
    },
    derive: () => undefined,
  })

  return {
    find: (id: string): Endpoint | undefined => byId.get(id as EndpointId), // A key that may be none.
    all: (): readonly Endpoint[] => [...byId.values()],
    /** In the order in which they were made. */
    ofHolder: (holder: string): readonly Endpoint[] => [...byId.values()].filter((endpoint) => endpoint.holder === holder),
  }
}
