import { isGatewayError } from '../../errors/gatewayError.ts'
import type { AttemptId } from '../../ports/ids.ts'
import type { QuotedCandidate } from './candidates.ts'
import type { PayoutContext } from './context.ts'
import type { Payout, Quote } from './payout.ts'
import { senderOf } from './reachRail.ts'

/** A try's id, and what its rail will know it by where that is another word. */
export type AttemptName = Readonly<{ id: AttemptId; railKey: string | undefined }>

/** Names a try before anything of it is durable; undefined when its rail cannot say now what it will know it by, so that it must not be sent. */
export function nameAttempt(context: PayoutContext, payout: Payout, quote: Quote): AttemptName | undefined {
  const id = context.ids.attempt()
  if (quote.rail === 'book') return { id, railKey: undefined }
  try {
    return { id, railKey: senderOf(context, quote).railKey?.(payout.destinations[quote.destination]!, id) }
  } catch (error) {
    if (isGatewayError(error, 'rail_unavailable')) return undefined
    throw error
  }
}

/** The candidates where this way cannot be tried now, as that of any rail that gives no terms. */
export function withoutUnnamed(quoted: readonly QuotedCandidate[], { rail, destination }: Quote): QuotedCandidate[] {
  const detail = `${rail} cannot say now what it would know this payment by`
  return quoted.map((q) =>
    q.candidate.rail === rail && q.candidate.destination === destination
      ? { candidate: { kind: 'impossible', rail, destination, reason: 'no_answer', detail }, quote: undefined }
      : q,
  )
}
