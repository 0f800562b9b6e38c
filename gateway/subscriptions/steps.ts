import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import type { Steps } from '../ledger/process/drive.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { ceilDivCount, max } from '../money/integers.ts'
import type { Money } from '../money/money.ts'
import { payeeOfRef } from '../payins/intent/payeeOfRef.ts'
import { fundingFrom } from '../payins/settlement/funding.ts'
import { payIntentFromBalance } from '../payins/settlement/payIntent.ts'
import { type SubscriptionContext, turnOf } from './context.ts'
import { type SubscriptionFact, toSubscriptionFact } from './facts.ts'
import type { SubscriptionEffect } from './nextEffect.ts'
import { type CurrentPeriod, intentOf, openUntil, type Subscription } from './subscription.ts'

const MS_PER_S = 1_000

/** What is done for each effect: one commit each. */
export function subscriptionSteps(context: SubscriptionContext): Steps<Subscription, SubscriptionEffect> {
  return {
    none: () => 'wait',
    begin: (s, { period }) => begin(context, s, period),
    async try(s) {
      const { current, subscriber } = s
      invariant(current, 'a period is tried once it has begun')
      const { index: period, intent } = current
      if (!subscriber) return write(context, s, { type: 'subscription.tried', data: { period, intent, reason: 'not_paid' } })
      return collect(context, s, { current, subscriber })
    },
    pause: (s) => write(context, s, { type: 'subscription.paused', data: {} }),
    end(s) {
      invariant(s.heldBy, 'somebody has said that it ends')
      return write(context, s, { type: 'subscription.canceled', data: { by: s.heldBy } })
    },
  }
}

/** The period and its intent, once: under one claim, and an id that follows from both. What the plan costs now is what this period costs. */
async function begin(context: SubscriptionContext, s: Subscription, period: number): Promise<undefined> {
  const { clock, intents, plans, splits } = context
  const plan = plans.get(s.plan)
  invariant(plan, `the plan of ${s.id} was made before it`)
  const { amount, about, payee } = plan
  if (s.subscriber && !covers(s, amount))
    return write(context, s, { type: 'subscription.lapsed', data: { units: amount.units.toString() } })
  const [id, now] = [intentOf(s, period), clock.now()]
  const begun: SubscriptionFact = { type: 'subscription.begun', id: s.id, at: now, data: { period, intent: id } }
  await intents.create({
    id,
    origin: s.id,
    createdBy: plan.createdBy,
    amount,
    payee: await payeeOfRef(splits, payee),
    about,
    metadata: s.metadata,
    description: about.description ?? '',
    expiresInS: max(ceilDivCount(openUntil(s, { index: period, begunAt: now }) - now, MS_PER_S), 1),
    along: () => ({
      claims: [turnOf(s, `begun ${period}`), { key: `subscription:${s.id}:period:${period}`, fingerprint: id }],
      facts: [toSubscriptionFact(begun)],
    }),
  })
}

/** Whether its payer lets so much be taken in a period. */
function covers({ mostUnits }: Subscription, { units }: Money): boolean {
  return mostUnits !== undefined && units <= mostUnits
}

/** Takes what is due out of the balance of who has consented; a balance that is too small is asked again on another day. */
async function collect(
  context: SubscriptionContext,
  s: Subscription,
  { current, subscriber }: Readonly<{ current: CurrentPeriod; subscriber: string }>,
): Promise<undefined | 'wait'> {
  const { index: period } = current
  const intent = context.intents.get(current.intent)
  const failed = (reason: string) => write(context, s, { type: 'subscription.tried', data: { period, intent: intent.id, reason } })
  // Who has lowered his limit since the period began pays it by its page, or not at all.
  if (!covers(s, intent.amount)) return failed('above_amount_max')
  try {
    const got = fundingFrom(context, subscriber, intent.credit)
    await payIntentFromBalance(
      context,
      intent,
      { party: subscriber, got },
      {
        claims: [turnOf(s, `collected ${period}`)],
        facts: (receipt) => [
          toSubscriptionFact({ type: 'subscription.collected', id: s.id, at: context.clock.now(), data: { period, receipt } }),
        ],
      },
    )
    return undefined
  } catch (error) {
    // Somebody else has paid it or ended it, or it was canceled: what stands says what is next, and has woken this already.
    if (isGatewayError(error, 'intent_closed')) return 'wait'
    if (!isGatewayError(error, 'insufficient_balance')) throw error
    return failed(error.code)
  }
}

type New = {
  [T in SubscriptionFact['type']]: Readonly<{ type: T; data: Extract<SubscriptionFact, { type: T }>['data'] }>
}[SubscriptionFact['type']]

/** One fact in its turn. When somebody else had the turn, what is next follows from what stands then. */
async function write({ books, clock }: SubscriptionContext, s: Subscription, { type, data }: New): Promise<undefined> {
  const fact = toSubscriptionFact({ type, id: s.id, at: clock.now(), data } as SubscriptionFact) // A type with its own data.
  const outcome = await submitUntilKnown(books, { claims: [turnOf(s, type)], facts: [fact] })
  if (outcome.kind === 'declined') throw new GatewayError('outcome_unknown', `${s.id} has no entry that could be declined`)
}
