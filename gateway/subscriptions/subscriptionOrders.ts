import { GatewayError } from '../errors/gatewayError.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { createUnderWay, type UnderWay } from '../ledger/process/underWay.ts'
import { compare, type Money, showMoney } from '../money/money.ts'
import type { Along } from '../parties/party/parties.ts'
import type { Claim, Fact } from '../ports/books.ts'
import type { PartyId } from '../ports/ids.ts'
import { type SubscriptionContext, turnOf } from './context.ts'
import { evolve } from './evolve.ts'
import { type SubscriptionFact, toSubscriptionFact } from './facts.ts'
import type { Plan } from './plan.ts'
import { isInPeriod, type Subscription } from './subscription.ts'

/** Of all, of one payee, and between the same two, those that are not canceled. */
const SUBSCRIPTIONS_MAX = 200_000
const OPEN_MAX = 20_000
const BETWEEN_MAX = 20
/** Tries of an order that others were quicker than. */
const TRIES_MAX = 5
const DAY_MS = 86_400_000
/** Under this name each that is being made is counted. */
const ALL = 'all'

type NewSubscription = Readonly<{ plan: Plan; subscriber: PartyId | undefined; metadata: Readonly<Record<string, string>> }>
type Order = Readonly<{ by: string; along: Along<Subscription> }>
type SayingOf<F> = F extends SubscriptionFact ? Pick<F, 'type' | 'data'> : never
type Saying = SayingOf<SubscriptionFact>
/** `intent`: to be canceled with it. */
type Change = Readonly<{ said: Saying; intent?: string | undefined }>

/** What people have subscriptions do. Each order is durable with what is sent along, and the same again changes nothing. */
export function subscriptionOrders(context: SubscriptionContext) {
  const order = orderer(context)
  const { clock } = context
  return {
    create: creation(context),
    /** Its payer lets so much be taken in each period. The first begins when a trial has passed, or now. Again is another limit. */
    async consent(id: string, most: Money, { by, along }: Order): Promise<void> {
      await order(
        id,
        (s) => {
          requireEnough(context, s, most)
          return { said: { type: 'subscription.consented', data: { mostUnits: most.units.toString(), by } } }
        },
        along,
      )
    },
    /**
     * At once: nothing is taken any more, and an intent that is open is canceled in the same commit. Or with the period that it is in, where it is in one:
     * what is open of that can still be paid.
     */
    async cancel(id: string, when: 'now' | 'period_end', { by, along }: Order): Promise<void> {
      await order(
        id,
        (s) => {
          if (s.rest === 'canceled') return undefined
          if (when === 'period_end' && s.rest === 'none' && isInPeriod(s, clock.now()))
            return s.ending ? undefined : { said: { type: 'subscription.ending', data: { by } } }
          const intent = s.current?.state === 'begun' ? s.current.intent : undefined
          return { said: { type: 'subscription.canceled', data: { by } }, intent }
        },
        along,
      )
    },
    /** Begins nothing and takes nothing more, until it is resumed. What is open can be paid by its page. */
    async pause(id: string, { by, along }: Order): Promise<void> {
      await order(
        id,
        (s) => {
          const asWanted = s.rest === 'paused' && (by !== s.subscriber || by === s.heldBy)
          return asWanted ? undefined : { said: { type: 'subscription.paused', data: { by } } }
        },
        along,
      )
    },
    /** Goes on: what was not paid is not asked for again. What its payer has let rest or end, nobody else lets go on. */
    async resume(id: string, { by, along }: Order): Promise<void> {
      await order(
        id,
        (s) => {
          if (s.rest === 'none' && !s.ending) return undefined
          if (s.subscriber !== undefined && s.heldBy === s.subscriber && by !== s.subscriber)
            throw new GatewayError('forbidden', 'Its payer has stopped it, and nobody else lets it go on')
          return { said: { type: 'subscription.resumed', data: { by } } }
        },
        along,
      )
    },
  }
}

function creation(context: SubscriptionContext) {
  const { books, clock, ids, records } = context
  const making = createUnderWay()
  return async ({ plan, subscriber, metadata }: NewSubscription, { by, along }: Order): Promise<void> => {
    if (!plan.active) throw new GatewayError('plan_inactive', `The plan ${plan.id} was deactivated`)
    const between = subscriber === undefined ? [] : [`${plan.payee.id} ${subscriber}`]
    requireRoom(records, making, { payee: plan.payee.id, subscriber })
    const [id, at] = [ids.subscription(), clock.now()]
    const whose = { plan: plan.id, payee: plan.payee.id, ...(subscriber ? { subscriber } : {}) }
    const data = { ...whose, every: plan.every, anchor: at + plan.trialDays * DAY_MS, metadata, by }
    const fact: SubscriptionFact = { type: 'subscription.created', id, at, data }
    const { claims, facts } = along(evolve(undefined, fact))
    const names = [plan.payee.id, ...between, ALL]
    await making.during(names, () => submitUntilKnown(books, { claims, facts: [toSubscriptionFact(fact), ...facts] }))
  }
}

/** Refuses a limit under what the plan takes: with that it would never begin. */
export function requireEnough({ plans }: Pick<SubscriptionContext, 'plans'>, { plan }: Subscription, most: Money): void {
  const { amount } = plans.get(plan)!
  if (compare(most, amount) < 0)
    throw new GatewayError('invalid_amount', `The plan takes ${showMoney(amount)} each period, which is more than that`)
}

type Changing = (s: Subscription) => Change | undefined

/** Once it is what `change` makes of it as it stands; undefined where it is so already. */
function orderer(context: SubscriptionContext) {
  return async (id: string, change: Changing, along: Along<Subscription>): Promise<void> => {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const s = context.records.get(id)
      if (!s) throw new GatewayError('not_found', `There is no subscription ${id.slice(0, 60)}`)
      const made = change(s)
      const fact = made && factOf(context, s, made.said)
      const { claims, facts } = along(fact ? evolve(s, fact) : s)
      const step = {
        claims: [...(fact ? [turnOf(s, fact.type)] : []), ...claims],
        facts: [...(fact ? [toSubscriptionFact(fact)] : []), ...facts],
      }
      if (await taken(context, step, made?.intent)) return
    }
    throw new GatewayError('request_in_progress', `Somebody else changes ${id} at the same time`)
  }
}

function factOf({ clock }: SubscriptionContext, s: Subscription, said: Saying): SubscriptionFact {
  if (s.rest === 'canceled') throw new GatewayError('subscription_canceled', `The subscription ${s.id} was canceled`)
  return { ...said, id: s.id, at: clock.now() } as SubscriptionFact // A type with its own data.
}

function requireRoom(
  records: SubscriptionContext['records'],
  making: UnderWay,
  { payee, subscriber }: Readonly<{ payee: string; subscriber: string | undefined }>,
): void {
  if (records.openOf(payee) + making.of(payee) >= OPEN_MAX)
    throw new GatewayError('too_many_active', `${payee} has ${OPEN_MAX} subscriptions`)
  if (subscriber && records.openBetween(payee, subscriber) + making.of(`${payee} ${subscriber}`) >= BETWEEN_MAX)
    throw new GatewayError('too_many_active', `${payee} has ${BETWEEN_MAX} subscriptions that ${subscriber} pays`)
  if (records.openCount() + making.of(ALL) >= SUBSCRIPTIONS_MAX)
    throw new GatewayError('too_busy', `${SUBSCRIPTIONS_MAX} subscriptions are open`)
}

type Step = Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>

/** Whether it is durable; false when somebody else had the turn. `intent`: to be canceled with it, unless it has just ended. */
async function taken({ books, intents }: SubscriptionContext, step: Step, intent: string | undefined): Promise<boolean> {
  if (intent !== undefined && intents.get(intent).status === 'open') {
    try {
      await intents.cancel(intent, () => step)
      return true
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'intent_closed') return false
      throw error
    }
  }
  const outcome = await submitUntilKnown(books, step)
  return outcome.kind !== 'conflict' || !outcome.with.key.startsWith('subscription:')
}
