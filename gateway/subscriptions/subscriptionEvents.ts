import { noted, ownersOf, type Scene, type Telling, type Told, timeText } from '../events/telling/telling.ts'
import { USD } from '../money/asset.ts'
import { readIntentEnd, readPlanFact, readSubscriptionFact, type SubscriptionFact } from './facts.ts'

const tellPlans: Telling = (fact, scene) => {
  const known = readPlanFact(fact)
  if (known?.type === 'plan.created') {
    const { payee, amount, every, trialDays, metadata } = known.data
    const parties = scene.partiesOf(payee.id)
    scene.note(known.id, { parties, data: {} })
    const terms = { amount: scene.amount(amount), interval: every.unit, interval_count: every.count, trial_days: trialDays, metadata }
    return [{ type: 'plan.created', subject: known.id, parties, data: { id: known.id, payee: payee.id, ...terms } }]
  }
  if (known?.type === 'plan.repriced') {
    const data = { id: known.id, amount: scene.amount(known.data.amount) }
    return [{ type: 'plan.repriced', subject: known.id, parties: ownersOf(scene, known.id), data }]
  }
  return known ? [{ type: 'plan.deactivated', subject: known.id, parties: ownersOf(scene, known.id), data: { id: known.id } }] : []
}

const tellSubscriptions: Telling = (fact, scene) => {
  const known = readSubscriptionFact(fact)
  if (known) return tellSubscription(known, scene)
  const end = readIntentEnd(fact)
  const of = end?.state === 'paid' ? scene.recall(periodName(end.intent)) : undefined
  const id = noted(of, 'subscription')
  if (!end || !of || id === null) return []
  const period = Number(noted(of, 'period')) // not money: a count
  return [{ type: 'subscription.renewed', subject: id, parties: of.parties, data: { id, period, payment_intent: end.intent } }]
}

function tellSubscription(fact: SubscriptionFact, scene: Scene): Told[] {
  const { id } = fact
  if (fact.type === 'subscription.created') {
    const { plan, payee, subscriber, anchor, metadata } = fact.data
    const parties = [...new Set([...scene.partiesOf(payee), ...(subscriber ? [subscriber] : [])])]
    scene.note(id, { parties, data: {} })
    // A subscriber is told the same event, and what its seller has noted of it is the seller's.
    const data = { id, plan, payee, subscriber: subscriber ?? null, starts_at: timeText(anchor), metadata: subscriber ? {} : metadata }
    return [{ type: 'subscription.created', subject: id, parties, data }]
  }
  const own = { subject: id, parties: ownersOf(scene, id) }
  switch (fact.type) {
    case 'subscription.consented':
      return [{ type: 'subscription.consented', ...own, data: { id } }]
    case 'subscription.begun': {
      const { period, intent } = fact.data
      scene.note(periodName(intent), { parties: own.parties, data: { subscription: id, period: `${period}` } })
      return [{ type: 'subscription.begun', ...own, data: { id, period, payment_intent: intent, page: pageOf(intent) } }]
    }
    case 'subscription.tried': {
      const { period, intent, reason } = fact.data
      return [{ type: 'subscription.past_due', ...own, data: { id, period, payment_intent: intent, page: pageOf(intent), reason } }]
    }
    case 'subscription.lapsed':
      return [{ type: 'subscription.lapsed', ...own, data: { id, amount: scene.amount({ asset: USD.id, units: fact.data.units }) } }]
    case 'subscription.paused':
      return [{ type: 'subscription.paused', ...own, data: { id, reason: fact.data.by === undefined ? 'not_paid' : 'asked' } }]
    case 'subscription.collected':
      // Its intent tells that it is paid.
      return []
    default:
      return [{ type: fact.type, ...own, data: { id } }]
  }
}

/** Where a person pays it: a path on this gateway. */
function pageOf(intent: string): string {
  return `/pay/${intent}`
}

/** Intents are noted under their own ids. */
function periodName(intent: string): string {
  return `period:${intent}`
}

/** What plans and subscriptions tell. */
export const subscriptionEvents: readonly Telling[] = [tellPlans, tellSubscriptions]
