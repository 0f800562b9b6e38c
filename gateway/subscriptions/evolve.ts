import { invariant } from '../errors/invariant.ts'
import type { SubscriptionFact } from './facts.ts'
import { goesOn, isInPeriod, type Subscription } from './subscription.ts'

/** The subscription after one more fact about it. A fact that cannot follow what stands is an impossible state. */
export function evolve(s: Subscription | undefined, fact: SubscriptionFact): Subscription {
  if (fact.type === 'subscription.created') {
    invariant(!s, `${fact.id} was created once`)
    const { plan, payee, subscriber, every, anchor, metadata, by } = fact.data
    return {
      id: fact.id,
      plan,
      payee,
      subscriber,
      mostUnits: undefined,
      calendar: { every, anchor, first: 0 },
      current: undefined,
      rest: 'none',
      heldBy: undefined,
      ending: false,
      metadata,
      createdBy: by,
      createdAt: fact.at,
      turn: 0,
    }
  }
  invariant(s, `${fact.id} was created before ${fact.type}`)
  invariant(s.rest !== 'canceled', `${fact.id} is canceled, and then nothing more`)
  return { ...changed(s, fact), turn: s.turn + 1 }
}

function changed(s: Subscription, fact: Exclude<SubscriptionFact, { type: 'subscription.created' }>): Subscription {
  switch (fact.type) {
    case 'subscription.consented': {
      invariant(s.subscriber, 'who has a balance consents')
      // Another limit moves no period; one that waited for it goes on from now.
      const waited = s.mostUnits === undefined && !isInPeriod(s, fact.at)
      return { ...s, mostUnits: BigInt(fact.data.mostUnits), calendar: waited ? goesOn(s, fact.at) : s.calendar }
    }
    case 'subscription.begun': {
      const { period, intent } = fact.data
      invariant(period === (s.current ? s.current.index + 1 : 0), `${s.id} has one period after the other`)
      invariant(s.current?.state !== 'begun', `${s.id} has one open period at a time`)
      return { ...s, current: { index: period, intent, begunAt: fact.at, state: 'begun', tries: 0 } }
    }
    case 'subscription.collected':
      invariant(s.current?.index === fact.data.period, `${s.id} takes for the period that it is in`)
      return s
    case 'subscription.tried':
      invariant(s.current?.index === fact.data.period, `${s.id} tries the period that it is in`)
      return { ...s, current: { ...s.current, tries: s.current.tries + 1 } }
    case 'subscription.lapsed':
      return { ...s, mostUnits: undefined }
    case 'subscription.paused':
      return { ...s, rest: 'paused', heldBy: holder(s, fact.data.by) }
    case 'subscription.resumed':
      return resumed(s, fact.at)
    case 'subscription.ending':
      return { ...s, ending: true, heldBy: holder(s, fact.data.by) }
    case 'subscription.canceled':
      return { ...s, rest: 'canceled' }
  }
}

/** Whose word it rests or ends by: its payer's stands, whatever others say after it. */
function holder({ heldBy, subscriber }: Subscription, by: string | undefined): string | undefined {
  return subscriber !== undefined && heldBy === subscriber ? heldBy : by
}

/** What was not paid is not asked for again, and nobody pays for the time of a rest. */
function resumed(s: Subscription, at: number): Subscription {
  const going: Subscription = { ...s, rest: 'none', heldBy: undefined, ending: false }
  if (isInPeriod(s, at)) return going
  return { ...going, calendar: goesOn(s, at), current: s.current && { ...s.current, state: 'over' } }
}
