import { createValuer } from '../../costs/valuer.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import type { AttemptId } from '../../ports/ids.ts'
import { worth } from '../deciding/makeDecision.ts'
import { lineOf } from '../deciding/railLine.ts'
import { ownerOf } from '../fees/purses.ts'
import type { Turn } from '../health/health.ts'
import type { PayoutContext } from '../payoutState/context.ts'
import type { Payout, Quote } from '../payoutState/payout.ts'
import type { QuotedCandidate } from '../payoutState/quotedCandidate.ts'
import type { Impossibility } from '../router/candidate.ts'
import { senderOf } from './reachRail.ts'

/** A try's id, what its rail will know it by where that is another word, and its turn at the rail; the book needs none. */
export type AttemptName = Readonly<{ id: AttemptId; railKey: string | undefined; turn: Turn | undefined }>

/** Why a way of the plan is not tried now. */
type Unnamed = Readonly<{ reason: Impossibility; detail: string }>

/** Names a try before anything of it is durable, and takes its turn; where its rail must not be told of it now, why. */
export function nameAttempt(context: PayoutContext, payout: Payout, quote: Quote): AttemptName | Unnamed {
  const id = context.ids.attempt()
  if (quote.rail === 'book') return { id, railKey: undefined, turn: undefined }
  const destination = payout.destinations[quote.destination]!
  const worthNano = worth(payout, createValuer(context.rates, context.usd))
  const { line, ...about } = lineOf(senderOf(context, quote), destination)
  const turn = context.health.turn(line, { call: 'send', owner: ownerOf(payout.behalf), worthNano, ...about })
  if ('reason' in turn) return turn
  try {
    return { id, railKey: senderOf(context, quote).railKey?.(destination, id), turn }
  } catch (error) {
    turn.over()
    if (!isGatewayError(error, 'rail_unavailable')) throw error
    return { reason: 'no_answer', detail: `${quote.rail} cannot say now what it would know this payment by` }
  }
}

/** The candidates where this way cannot be tried now, as that of any rail that gives no terms. */
export function withoutUnnamed(quoted: readonly QuotedCandidate[], { rail, destination }: Quote, why: Unnamed): QuotedCandidate[] {
  return quoted.map((q) =>
    q.candidate.rail === rail && q.candidate.destination === destination
      ? { candidate: { kind: 'impossible', rail, destination, ...why }, quote: undefined }
      : q,
  )
}
