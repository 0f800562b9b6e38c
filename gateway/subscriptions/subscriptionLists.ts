import type { Lister } from '../audit/lists/lister.ts'
import { readPlanFact, readSubscriptionFact } from './facts.ts'

const listPlans: Lister = (fact, { partiesOf }) => {
  const known = readPlanFact(fact)
  if (known?.type === 'plan.created') {
    const { payee, amount, metadata } = known.data
    const begins = { at: known.at, parties: partiesOf(payee.id) }
    return [
      { list: 'plans', id: known.id, begins, status: 'active', amount: { asset: amount.asset, units: BigInt(amount.units) }, metadata },
    ]
  }
  return known ? [{ list: 'plans', id: known.id, status: 'inactive' }] : []
}

/** Found by its plan, and by the intents of its periods. */
const listSubscriptions: Lister = (fact, { partiesOf }) => {
  const known = readSubscriptionFact(fact)
  const list = 'subscriptions'
  if (known?.type === 'subscription.created') {
    const { plan, payee, subscriber, metadata } = known.data
    const parties = [...partiesOf(payee), ...(subscriber ? [subscriber] : [])]
    return [{ list, id: known.id, begins: { at: known.at, parties }, metadata, references: [plan] }]
  }
  return known?.type === 'subscription.begun' ? [{ list, id: known.id, references: [known.data.intent] }] : []
}

/** What plans and subscriptions change in lists. */
export const subscriptionLists: readonly Lister[] = [listPlans, listSubscriptions]
