import { invariant } from '../../errors/invariant.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Leg } from '../../ports/books.ts'
import type { NetContext } from './context.ts'
import { type NetFact, toFact } from './facts.ts'
import type { Net } from './net.ts'

/** Makes one step of a net durable, once, whatever comes in late. */
export async function recordNet(context: NetContext, net: Net, o: { fact: NetFact; legs: readonly Leg[] }): Promise<void> {
  const { fact, legs } = o
  const claims = [{ key: `net:${net.id}:${fact.type}`, fingerprint: 'once' }]
  const outcome = await submitUntilKnown(context.books, {
    claims,
    facts: [toFact(fact)],
    ...(legs.length > 0 && { entry: newEntry(context, net.id, legs) }),
  })
  invariant(outcome.kind === 'applied' || outcome.kind === 'replayed', `${fact.type} of ${net.id} can be booked: ${outcome.kind}`)
}
