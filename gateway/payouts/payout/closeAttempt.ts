import { invariant } from '../../errors/invariant.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import type { Money } from '../../money/money.ts'
import type { Fact } from '../../ports/books.ts'
import type { AttemptId } from '../../ports/ids.ts'
import type { Evidence } from '../../ports/outcome.ts'
import { type Failure, healingOf } from '../deciding/healing.ts'
import { closing, type PayoutContext, submitStep } from '../payoutState/context.ts'
import { bookLegs, releaseLegs, settleVariants, voidHoldLegs } from '../payoutState/entries.ts'
import { toFact, toMoneyData } from '../payoutState/facts.ts'
import { feeLost } from '../payoutState/feeShares.ts'
import { type AttemptState, type FailureCode, type Payout, type PayoutException, type Quote, refusalsOf } from '../payoutState/payout.ts'

/** Books a try that has settled, and with it the payout, in one submission. The money has left, so this ends only when that is durable. */
export async function settleAttempt(
  context: PayoutContext,
  payout: Payout,
  attempt: AttemptState,
  settled: { evidence: Evidence; fee: Money },
): Promise<void> {
  const { clock, log } = context
  const [evidence, fee] = [settled.evidence, toMoneyData(settled.fee)]
  for (const { exceptions, legs } of settleVariants(payout, attempt, settled.fee, context.usd)) {
    const at = clock.now()
    const end = { attempt: attempt.id, rail: attempt.rail, evidence, fee, exceptions }
    const outcome = await submitStep(context, {
      claims: [closing(attempt.id, 'settled'), closing(payout.id, 'settled')],
      facts: [
        toFact({ type: 'attempt.settled', id: attempt.id, at, data: { payout: payout.id, evidence, fee } }),
        toFact({ type: 'payout.settled', id: payout.id, at, data: end }),
      ],
      ...(legs.length > 0 && { entry: newEntry(context, payout.id, legs) }),
    })
    if (outcome.kind !== 'declined') {
      invariant(outcome.kind !== 'conflict', `${attempt.id} settled after it was closed otherwise`)
      report(context, payout, attempt, exceptions)
      return
    }
    log.error({ payout: payout.id, attempt: attempt.id, status: outcome.status, leg: outcome.leg }, 'a settled payout cannot be booked so')
  }
  invariant(false, `the fact that ${attempt.id} settled needs no leg, so it is never declined`)
}

function report({ log }: PayoutContext, payout: Payout, attempt: AttemptState, exceptions: readonly PayoutException[]): void {
  const fields = { payout: payout.id, attempt: attempt.id, rail: attempt.rail, exceptions }
  if (exceptions.length > 0) log.error(fields, 'payout settled, and a person must see to its books')
  else log.info(fields, 'payout settled')
}

/** Records the rail's no and releases what was reserved for the try. */
export async function failAttempt(context: PayoutContext, payout: Payout, attempt: AttemptState, failure: Failure): Promise<void> {
  const { reason, detail = reason } = failure
  const at = context.clock.now()
  const again = healingOf(payout, attempt, failure, { now: at, laterMs: context.policy.healLaterMs })
  const legs = releaseLegs(attempt, { usd: context.usd, lostUsd: feeLost(attempt, reason) })
  const outcome = await submitStep(context, {
    claims: [closing(attempt.id, 'failed')],
    facts: [toFact({ type: 'attempt.failed', id: attempt.id, at, data: { payout: payout.id, reason, detail, ...(again && { again }) } })],
    ...(legs.length > 0 && { entry: newEntry(context, payout.id, legs) }),
  })
  invariant(outcome.kind === 'applied' || outcome.kind === 'replayed', `${attempt.id} failed, and that cannot be booked: ${outcome.kind}`)
  context.log.warn(
    { payout: payout.id, attempt: attempt.id, rail: attempt.rail, reason, detail, ...(again && { again }) },
    'payout attempt failed',
  )
}

/** Ends a payout that no way is left for: the money goes back to its source. */
export async function failPayout(context: PayoutContext, payout: Payout, code: FailureCode): Promise<void> {
  const refusals = refusalsOf(payout)
  const end = {
    claims: [closing(payout.id, 'failed')],
    facts: [toFact({ type: 'payout.failed', id: payout.id, at: context.clock.now(), data: { code, refusals } })],
  }
  let outcome = await submitStep(context, { ...end, entry: newEntry(context, payout.id, voidHoldLegs(payout)) })
  // Somebody released the hold already, so the source has its money: what is left is to say so.
  if (outcome.kind === 'declined' && outcome.status === 'pending_transfer_already_voided') outcome = await submitStep(context, end)
  invariant(
    outcome.kind === 'applied' || outcome.kind === 'replayed',
    `${payout.id} failed, and its hold cannot be released: ${outcome.kind}`,
  )
  context.log.warn({ payout: payout.id, code, refusals }, 'payout failed')
}

/** The book rail: tried, settled and booked in one submission, behind the facts that are not durable yet. */
export async function payByBook(
  context: PayoutContext,
  payout: Payout,
  quote: Quote,
  { along, id }: Readonly<{ along: readonly Fact[]; id: AttemptId }>,
): Promise<void> {
  const { clock, log } = context
  const destination = payout.destinations[quote.destination]!
  invariant(destination.kind === 'party' && payout.decision, 'the book rail pays a party, after a decision')
  const at = clock.now()
  const entry = newEntry(context, payout.id, bookLegs(payout, `party:${destination.party}`))
  const evidence: Evidence = { rail: 'book', id: entry.id, at }
  const [amount, fee] = [toMoneyData(quote.amount), toMoneyData(quote.feeMax)]
  const way = { rail: 'book' as const, destination: quote.destination, amount, feeMax: fee }
  const sent = { payout: payout.id, decision: payout.decision.id, ...way, feesComeBy: 'outcome' as const, feeHeld: false }
  const outcome = await submitStep(context, {
    claims: [closing(id, 'settled'), closing(payout.id, 'settled')],
    facts: [
      ...along,
      toFact({ type: 'attempt.sent', id, at, data: sent }),
      toFact({ type: 'attempt.settled', id, at, data: { payout: payout.id, evidence, fee } }),
      toFact({ type: 'payout.settled', id: payout.id, at, data: { attempt: id, rail: 'book', evidence, fee, exceptions: [] } }),
    ],
    entry,
  })
  invariant(outcome.kind === 'applied' || outcome.kind === 'replayed', `${payout.id} cannot be paid from its own hold: ${outcome.kind}`)
  log.info({ payout: payout.id, attempt: id, rail: 'book' }, 'payout settled')
}
