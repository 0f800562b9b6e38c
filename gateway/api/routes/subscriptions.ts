import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { mostOf } from '../../approvals/budgets.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { type Money, parseAmount } from '../../money/money.ts'
import type { PartyId } from '../../ports/ids.ts'
import { budgetPeriodOf } from '../../subscriptions/plan.ts'
import { dueAt, periodOfCalendar, type Subscription, startOf } from '../../subscriptions/subscription.ts'
import { type Matter, withApproval } from '../http/approving.ts'
import { type Caller, callerId, findOwn, requireAlso } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { SPENDING } from '../http/needs.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { moneyView } from '../http/views.ts'
import { byId } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { isPaid } from './soldFor.ts'
import { cancelSubscription, consentToSubscription, createSubscription, subscriptionsQuery } from './subscriptionWire.ts'

type Needs = Pick<Faces, 'approvals' | 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'plans' | 'subscriptions'>

const tags = ['subscriptions']

/** Subscriptions: made by who is paid, consented to by who pays, ended by either. */
export function subscriptionRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addCreation(app, faces)
    addReading(app, faces)
    addConsent(app, faces)
    addChanges(app, faces)
  }
}

function addCreation(app: RouteApp, faces: Needs): void {
  const { callers, parties, plans, subscriptions } = faces
  const schema = { body: createSubscription, tags, summary: 'Have a party, or whoever has its pages, pay by a plan' }
  app.post('/v1/subscriptions', { schema }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { plan: name, subscriber: id, metadata } = request.body
    const plan = findOwn(
      caller,
      () => plans.get(name),
      ({ payee }, party) => isPaid(parties, payee, party),
    )
    const subscriber = id === undefined ? undefined : parties.parties.get(id).id
    if (subscriber !== undefined && isPaid(parties, plan.payee, subscriber))
      throw new GatewayError('invalid_request', 'subscriber: the plan pays this party')
    return callers.idempotent(request, reply, caller, async (record) => {
      const along = (s: Subscription) => record(201, viewOf(faces, s, caller))
      await subscriptions.create({ plan, subscriber, metadata }, { by: callerId(caller), along })
    })
  })
}

function addReading(app: RouteApp, faces: Needs): void {
  const { callers, subscriptions } = faces
  const listed = { querystring: subscriptionsQuery, tags, summary: 'Newest first; a party sees those that it is paid or pays by' }
  app.get('/v1/subscriptions', { schema: listed }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { query } = request
    const show = (id: string) => {
      const s = subscriptions.get(id)
      // What is noted of it is not to be guessed by asking for it.
      return query.metadata_key !== undefined && !isSeller(faces, s, caller) ? undefined : viewOf(faces, s, caller)
    }
    return answerList(faces, { caller, list: 'subscriptions', query, reply, show })
  })
  const one = { params: byId, tags, summary: 'One subscription, and the period that it is in' }
  app.get('/v1/subscriptions/:id', { schema: one }, async (request) => {
    const caller = callers.authenticate(request)
    return viewOf(faces, findOwnSubscription(faces, caller, request.params.id), caller)
  })
}

function addConsent(app: RouteApp, faces: Needs): void {
  const { approvals, callers, ground, subscriptions } = faces
  const schema = {
    params: byId,
    body: consentToSubscription,
    tags,
    summary: 'Let it take what is due out of your balance; by its payer’s own key',
  }
  app.post('/v1/subscriptions/:id/consent', { schema }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { id, subscriber } = findOwnSubscription(faces, caller, request.params.id)
    if (caller.kind !== 'party' || caller.party.id !== subscriber)
      throw new GatewayError('forbidden', 'Only the party that pays can consent to it')
    requireAlso(caller, SPENDING)
    const most = parseAmount(request.body.amount_max.amount, ground.usd)
    const { amount_max } = request.body
    return callers.idempotent(request, reply, caller, (plain) => {
      subscriptions.requireEnough(id, most)
      return withApproval(
        approvals,
        { request, caller, record: plain },
        matterOf(faces, { s: subscriptions.get(id), most, amount_max }),
        (record) =>
          subscriptions.consent(id, most, { by: callerId(caller), along: (s: Subscription) => record(200, viewOf(faces, s, caller)) }),
      )
    })
  })
}

type Consent = Readonly<{ s: Subscription; most: Money; amount_max: unknown }>

/** What another person may have to agree to: all that it lets be taken in 31 days. A limit that is not raised lets nothing more be taken. */
function matterOf({ plans }: Needs, { s: { id, plan, payee, subscriber, mostUnits }, most, amount_max }: Consent): Matter {
  const whose = subscriber!
  if (mostUnits !== undefined && most.units <= mostUnits) return { whose, needs: [], why: '' }
  const amount = mostOf(most, { period: budgetPeriodOf(plans.get(plan).every), lifeMs: undefined })
  return { whose, amount, shown: { subscription: id, plan, payee, amount_max } }
}

function addChanges(app: RouteApp, faces: Needs): void {
  const { callers, subscriptions } = faces
  const changing = (request: FastifyRequest) => {
    const caller = callers.authenticate(request)
    const { id } = findOwnSubscription(faces, caller, (request.params as Readonly<{ id: string }>).id) // By the schema.
    return { caller, id, by: callerId(caller) }
  }
  const canceling = { params: byId, body: cancelSubscription, tags, summary: 'End it, by who pays or who is paid' }
  app.post('/v1/subscriptions/:id/cancel', { schema: canceling }, async (request, reply) => {
    const { caller, id, by } = changing(request)
    const { at } = request.body
    return callers.idempotent(request, reply, caller, async (record) => {
      await subscriptions.cancel(id, at, { by, along: (s: Subscription) => record(200, viewOf(faces, s, caller)) })
    })
  })
  const pausing = { params: byId, tags, summary: 'Let it rest: nothing is begun or taken until it is resumed' }
  app.post('/v1/subscriptions/:id/pause', { schema: pausing }, async (request, reply) => {
    const { caller, id, by } = changing(request)
    return callers.idempotent(request, reply, caller, async (record) => {
      await subscriptions.pause(id, { by, along: (s: Subscription) => record(200, viewOf(faces, s, caller)) })
    })
  })
  const resuming = { params: byId, tags, summary: 'Let it go on after a rest, or keep it from ending with its period' }
  app.post('/v1/subscriptions/:id/resume', { schema: resuming }, async (request, reply) => {
    const { caller, id, by } = changing(request)
    if (by === subscriptions.get(id).subscriber) requireAlso(caller, SPENDING)
    return callers.idempotent(request, reply, caller, async (record) => {
      await subscriptions.resume(id, { by, along: (s: Subscription) => record(200, viewOf(faces, s, caller)) })
    })
  })
}

/** A subscription is of who is paid by it, and of who pays. */
function findOwnSubscription({ parties, plans, subscriptions }: Needs, caller: Caller, id: string): Subscription {
  const isOf = ({ plan, subscriber }: Subscription, party: PartyId) => subscriber === party || isPaid(parties, plans.get(plan).payee, party)
  return findOwn(caller, () => subscriptions.get(id), isOf)
}

/** Who is paid by it, or an operator. */
function isSeller({ parties, plans }: Pick<Needs, 'parties' | 'plans'>, { plan }: Subscription, caller: Caller): boolean {
  return caller.kind === 'operator' || isPaid(parties, plans.get(plan).payee, caller.party.id)
}

/** As its caller may know it: what its seller has noted of it is not its payer's to read. */
function viewOf(faces: Pick<Needs, 'parties' | 'plans' | 'subscriptions'>, s: Subscription, caller: Caller) {
  const { plans, subscriptions } = faces
  const { id, plan: name, subscriber, calendar, ending, metadata, createdBy, createdAt } = s
  const plan = plans.get(name)
  const [most, due, current] = [subscriptions.most(s), dueAt(s), periodOfCalendar(s)]
  return {
    id,
    object: 'subscription',
    status: subscriptions.statusOf(s),
    plan: name,
    [plan.payee.kind]: plan.payee.id,
    subscriber: subscriber ?? null,
    amount: moneyView(plan.amount),
    amount_max: most ? moneyView(most) : null,
    cancel_at_period_end: ending,
    current_period: current
      ? {
          index: current.index,
          from: time(startOf(calendar, current.index)),
          to: time(startOf(calendar, current.index + 1)),
          payment_intent: current.intent,
          page: `/pay/${current.intent}`,
          paid: current.state === 'paid',
          tries_failed: current.tries,
        }
      : null,
    next_at: due === undefined ? null : time(due),
    metadata: isSeller(faces, s, caller) ? metadata : {},
    created_by: createdBy,
    created_at: time(createdAt),
  }
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}
