import { invariant } from '../../errors/invariant.ts'
import { submitSurely } from '../../ledger/process/submitSurely.ts'
import type { Leg } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { NetContext } from './context.ts'
import { type NetFact, toFact } from './facts.ts'
import type { Net } from './net.ts'

/** Makes one step of a net durable, once, whatever comes in late. */
export async function recordNet({ books, ids }: NetContext, net: Net, o: { fact: NetFact; legs: readonly Leg[] }): Promise<void> {
  const { fact, legs } = o
  const entry = { id: ids.next('en_') as EntryId, payment: net.id, legs } // The prefix makes it one.
  const claims = [{ key: `net:${net.id}:${fact.type}`, fingerprint: 'once' }]
  const outcome = await submitSurely(books, { claims, facts: [toFact(fact)], ...(legs.length > 0 && { entry }) })
  invariant(outcome.kind === 'applied' || outcome.kind === 'replayed', `${fact.type} of ${net.id} can be booked: ${outcome.kind}`)
}
