import { invariant } from '../../errors/invariant.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import { sameAsset } from '../../money/asset.ts'
import type { Fact } from '../../ports/books.ts'
import type { RailName } from '../../ports/railName.ts'
import { healingOf } from '../deciding/healing.ts'
import { pursesOf } from '../fees/purses.ts'
import { type PayoutContext, submitStep } from '../payoutState/context.ts'
import { firstPurse, reserveLegs } from '../payoutState/entries.ts'
import { type AttemptData, toFact, toMoneyData, toSharesData } from '../payoutState/facts.ts'
import type { AttemptState, Payout, Quote } from '../payoutState/payout.ts'
import type { AttemptName } from './nameAttempt.ts'
import { senderOf } from './reachRail.ts'

/** Makes the try durable, with its liquidity reserved, before the rail hears of it; undefined when the reservation was declined. */
export async function recordAttempt(
  context: PayoutContext,
  payout: Payout,
  quote: Quote & { rail: Exclude<RailName, 'book'> },
  { along, name: { id, railKey } }: Readonly<{ along: readonly Fact[]; name: AttemptName }>,
): Promise<AttemptState | undefined> {
  const { feesComeBy } = senderOf(context, quote)
  const feeHeld = feesComeBy === 'outcome' && quote.feeMax.units > 0n && sameAsset(quote.feeMax.asset, quote.amount.asset)
  const purses = quote.shares && quote.shares.ownUsd > 0n ? pursesOf(payout.behalf, context.policy.fees) : []
  const entry = newEntry(context, payout.id, reserveLegs(payout, quote, { feeHeld, purses, usd: context.usd }))
  invariant(payout.decision, 'a try follows a decision')
  const data: AttemptData = {
    payout: payout.id,
    decision: payout.decision.id,
    rail: quote.rail,
    destination: quote.destination,
    amount: toMoneyData(quote.amount),
    feeMax: toMoneyData(quote.feeMax),
    ...toSharesData(quote.shares),
    ...(quote.changed && { changed: quote.changed }),
    feesComeBy,
    feeHeld,
    purses: purses.length,
  }
  const at = context.clock.now()
  const keyed = railKey === undefined ? data : { ...data, railKey }
  const sent = toFact({ type: 'attempt.sent', id, at, data: { ...keyed, reservation: entry.id } })
  const outcome = await submitStep(context, { facts: [...along, sent], entry })
  if (outcome.kind === 'declined') {
    const purse = purses[outcome.leg - firstPurse(feeHeld)]
    const refusal = purse
      ? { reason: 'fee_budget_used' as const, detail: `${purse.path} was used up by another payment: ${outcome.status}` }
      : { reason: 'insufficient_liquidity' as const, detail: `its liquidity was taken by another payment: ${outcome.status}` }
    const again = healingOf(payout, quote, refusal, { now: at, laterMs: context.policy.healLaterMs })
    const declined = toFact({ type: 'attempt.declined', id, at, data: { ...data, ...refusal, ...(again && { again }) } })
    await submitStep(context, { facts: [...along, declined] })
    return undefined
  }
  invariant(outcome.kind === 'applied' || outcome.kind === 'replayed', `a new attempt's entry has a new id: ${outcome.kind}`)
  const attempt = context.records.get(payout.id)?.attempts.at(-1)
  invariant(attempt?.id === id, `the fact of ${id} was told before its submission resolved`)
  return attempt
}
