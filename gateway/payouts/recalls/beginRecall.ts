import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { Recaller, RecallKind, RecallReason } from '../../ports/recaller.ts'
import type { Alongside } from '../payoutState/createPayoutCommand.ts'
import { toFact as toPayoutFact } from '../payoutState/facts.ts'
import type { PayoutView } from '../payoutState/view.ts'
import { evolve } from './evolve.ts'
import { type RecallFact, toFact } from './facts.ts'
import { isOpen, mayBeHeard, type Recall } from './recall.ts'
import { type RecallView, viewRecall } from './view.ts'

/** What is wanted. `along`: what becomes durable with it, such as an idempotency key's answer. */
export type AskRecall = Readonly<{ reason: RecallReason; details?: string | undefined; by: string; along: (view: RecallView) => Alongside }>

type Parts = Readonly<{ books: Books; clock: Clock; ids: IdSource; recallers: readonly Recaller[] }>

function refused(why: string, hint?: string): GatewayError {
  return new GatewayError('recall_refused', why, hint === undefined ? {} : { hint })
}

/** The payment that is asked back: the one that was made, or may be. */
function attemptToRecall({ id, status, parts, attempts }: PayoutView): PayoutView['attempts'][number] {
  if (parts) throw refused(`${id} is paid in parts`, `Ask for its parts back: ${parts.map((part) => part.id).join(', ')}.`)
  if (status === 'returned') throw refused(`${id} has come back already`)
  const last = attempts.at(-1)
  if (!last || last.outcome === 'failed')
    throw refused(`Nothing of ${id} has left`, 'POST /v1/payouts/:id/cancel keeps it from being paid.')
  return last
}

/** A bank takes one recall and one request about a payment, and while one is open no other is asked. */
function checkEarlier(payout: string, kind: RecallKind, earlier: readonly Recall[]): void {
  const [newest] = earlier
  if (newest && isOpen(newest)) throw refused(`${newest.id} asks for ${payout} already`)
  const same = earlier.find((one) => one.kind === kind && mayBeHeard(one))
  if (same)
    throw refused(`${same.id} has asked for ${payout} once, as a ${kind}`, 'A bank takes one of each kind about a payment. Ask the payee.')
}

/**
 * Makes a recall durable; the bank has not heard of it then. A payout that may be tried another way is not, from then on. `earlier`: those about the same
 * payout, the newest first. Refuses with `recall_refused`, `request_in_progress` and `rail_unavailable`.
 */
export async function beginRecall(
  { books, clock, ids, recallers }: Parts,
  { payout, earlier, ask }: Readonly<{ payout: PayoutView; earlier: readonly Recall[]; ask: AskRecall }>,
): Promise<RecallView> {
  const attempt = attemptToRecall(payout)
  const recaller = recallers.find(({ rail }) => rail === attempt.rail)
  if (!recaller) throw refused(`What was paid by ${attempt.rail} can not be asked back`, 'Ask the payee.')
  const terms = recaller.recallable(attempt.id, ask.reason)
  if ('refused' in terms) throw refused(`${payout.id}: ${terms.refused}`)
  checkEarlier(payout.id, terms.kind, earlier)
  const { reason, details, by } = ask
  const at = clock.now()
  const about = {
    payout: payout.id,
    attempt: attempt.id,
    rail: attempt.rail,
    kind: terms.kind,
    reason,
    ...(details === undefined ? {} : { details }),
  }
  const before = earlier[0]?.id
  const data = { ...about, by, answerBy: terms.answerBy, ...(before === undefined ? {} : { before }) }
  const fact: RecallFact = { type: 'recall.asked', id: ids.recall(), at, data }
  const view = viewRecall(evolve(undefined, fact), at)
  const { claims, facts } = ask.along(view)
  // A try that fails while its money is asked for is not made another way.
  const left = payout.status === 'settled' ? [] : [toPayoutFact({ type: 'payout.cancel_asked', id: payout.id, at, data: { by } })]
  const one = { key: `payout:${payout.id}:recall:${earlier.length}`, fingerprint: fact.id }
  const outcome = await submitUntilKnown(books, { claims: [...claims, one], facts: [toFact(fact), ...left, ...facts] })
  if (outcome.kind === 'conflict') throw new GatewayError('request_in_progress', `${payout.id} is being asked for`)
  return view
}
