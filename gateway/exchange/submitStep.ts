import { invariant } from '../errors/invariant.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import type { Submission } from '../ports/books.ts'
import type { ExchangeContext } from './context.ts'

/** A hold that is not pending any more: the rail's own report has booked the payment in between, and its fact says so. */
const OVERTAKEN = 'pending_transfer_already_posted'

/**
 * Makes one step durable. `declined`: the liquidity does not cover it. `overtaken`: another fact about the same exchange was first; what to do is decided
 * anew from what stands.
 */
export async function submitStep(context: Pick<ExchangeContext, 'books'>, step: Submission): Promise<'done' | 'declined' | 'overtaken'> {
  const outcome = await submitUntilKnown(context.books, step)
  if (outcome.kind === 'applied' || outcome.kind === 'replayed') return 'done'
  if (outcome.kind === 'conflict' || outcome.status === OVERTAKEN) return 'overtaken'
  invariant(outcome.status === 'exceeds_credits', `the step of an exchange can be booked: ${outcome.status} on leg ${outcome.leg}`)
  return 'declined'
}
