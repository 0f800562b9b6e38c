import { invariant } from '../errors/invariant.ts'
import { type Records, recordsOf } from '../ledger/process/recordsOf.ts'
import { type AssetOf, readUnits } from '../payins/intent/intentData.ts'
import type { Books } from '../ports/books.ts'
import { evolve } from './evolve.ts'
import { type IntentEnd, type PlanFact, readIntentEnd, readPlanFact, readSubscriptionFact, type SubscriptionFact } from './facts.ts'
import type { Plan } from './plan.ts'
import type { Subscription } from './subscription.ts'

type Listening = Pick<Books, 'archive' | 'remember'>
type Kept = Readonly<{ endedKept?: number }>

export type PlanRecords = Records<Plan> & Readonly<{ activeOf(payee: string): number }>

/** All plans as the journal's facts make them. Make it before the books start. */
export function createPlanRecords(books: Listening, assetOf: AssetOf, { endedKept }: Kept = {}): PlanRecords {
  /** How many plans of a payee are active. */
  const active = new Map<string, number>()
  const plans = recordsOf<Plan, PlanFact>({
    books,
    name: 'plan.store',
    form: 1,
    endedKept,
    read: readPlanFact,
    idOf: ({ id }) => id,
    evolve: (plan, fact) => planAfter(plan, fact, assetOf),
    isOpen: (plan) => plan.active,
    beside: {
      tables: { active },
      apply(fact, { payee }) {
        if (fact.type !== 'plan.repriced') count(active, payee.id, fact.type === 'plan.created' ? 1 : -1)
      },
    },
  })
  return { ...plans, activeOf: (payee) => active.get(payee) ?? 0 }
}

function planAfter(plan: Plan | undefined, fact: PlanFact, assetOf: AssetOf): Plan {
  if (fact.type === 'plan.deactivated') {
    invariant(plan?.active, `${fact.id} was made, and ends once`)
    return { ...plan, active: false }
  }
  if (fact.type === 'plan.repriced') {
    invariant(plan, `${fact.id} was made`)
    return { ...plan, amount: readUnits(fact.data.amount, assetOf) }
  }
  invariant(!plan, `${fact.id} was created once`)
  const { payee, amount, every, trialDays, about, metadata, by } = fact.data
  const terms = { payee, amount: readUnits(amount, assetOf), every, trialDays, about, metadata }
  return { id: fact.id, ...terms, active: true, createdBy: by, createdAt: fact.at }
}

type Heard = Readonly<{ kind: 'own'; fact: SubscriptionFact }> | Readonly<{ kind: 'intent'; end: IntentEnd }>

export type SubscriptionRecords = Records<Subscription> &
  Readonly<{
    /** How many of a payee are not canceled, and of these how many the same party is to pay. */
    openOf(payee: string): number
    openBetween(payee: string, subscriber: string): number
  }>

/** All subscriptions as the journal's facts make them, with what became of the intents of their periods. */
export function createSubscriptionRecords(books: Listening, { endedKept }: Kept = {}): SubscriptionRecords {
  /** The subscription of each period's intent that may still be paid. */
  const openIntents = new Map<string, string>()
  /** How many of a payee are not canceled. */
  const openOf = new Map<string, number>()
  /** The same of a payee and who pays out of a balance. */
  const openBetween = new Map<string, number>()
  const counted = ({ payee, subscriber }: Subscription, by: number) => {
    count(openOf, payee, by)
    if (subscriber) count(openBetween, pairOf(payee, subscriber), by)
  }
  const subscriptions = recordsOf<Subscription, Heard>({
    books,
    name: 'subscription.store',
    form: 1,
    endedKept,
    read(fact) {
      const own = readSubscriptionFact(fact)
      if (own) return { kind: 'own', fact: own }
      const end = readIntentEnd(fact)
      return end && openIntents.has(end.intent) ? { kind: 'intent', end } : undefined
    },
    idOf: (heard) => (heard.kind === 'own' ? heard.fact.id : openIntents.get(heard.end.intent)),
    evolve: (s, heard) => (heard.kind === 'own' ? evolve(s, heard.fact) : ended(s, heard.end)),
    isOpen: ({ rest, current }) => rest !== 'canceled' || current?.state === 'begun',
    beside: {
      tables: { openIntents, openOf, openBetween },
      apply(heard, s) {
        if (heard.kind === 'intent') openIntents.delete(heard.end.intent)
        else if (heard.fact.type === 'subscription.begun') openIntents.set(heard.fact.data.intent, s.id)
        else if (heard.fact.type === 'subscription.created') counted(s, 1)
        else if (heard.fact.type === 'subscription.canceled') counted(s, -1)
      },
    },
  })
  return {
    ...subscriptions,
    openOf: (payee) => openOf.get(payee) ?? 0,
    openBetween: (payee, subscriber) => openBetween.get(pairOf(payee, subscriber)) ?? 0,
  }
}

/** Counts up or down, and forgets what is none. */
function count(counts: Map<string, number>, of: string, by: number): void {
  const now = (counts.get(of) ?? 0) + by
  if (now === 0) counts.delete(of)
  else counts.set(of, now)
}

function pairOf(payee: string, subscriber: string): string {
  return `${payee} ${subscriber}`
}

function ended(s: Subscription | undefined, { intent, state }: IntentEnd): Subscription {
  invariant(s?.current?.intent === intent, `${intent} is of the newest period of its subscription`)
  return { ...s, current: { ...s.current, state } }
}
