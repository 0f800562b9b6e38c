import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { type Money, parseAmount } from '../../money/money.ts'
import type { Plan } from '../../subscriptions/plan.ts'
import { callerId, findOwn } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { moneyView } from '../http/views.ts'
import { byId } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { aboutOf, isPaid, payeeOf, requireMaker } from './soldFor.ts'
import { createPlan, plansQuery, repricePlan } from './subscriptionWire.ts'

type Needs = Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'plans'>

/** Plans: what can be subscribed to. */
export function planRoutes(faces: Needs): FastifyPluginAsyncZod {
  const { callers, ground, parties, plans } = faces
  const tags = ['subscriptions']
  return async (app) => {
    const made = { body: createPlan, tags, summary: 'Make a plan: what is paid, and how often' }
    app.post('/v1/plans', { schema: made }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const { body } = request
      const payee = payeeOf(parties, caller, body)
      const amount = priceOf(ground, body)
      const every = { unit: body.interval, count: body.interval_count }
      const about = aboutOf(parties, payee, body)
      const fresh = { payee, amount, every, trialDays: body.trial_days, about, metadata: body.metadata }
      return callers.idempotent(request, reply, caller, async (record) => {
        await plans.create(fresh, { by: callerId(caller), along: (plan) => record(201, planView(plan)) })
      })
    })
    const listed = { querystring: plansQuery, tags, summary: 'Newest first; a party sees those that pay it' }
    app.get('/v1/plans', { schema: listed }, async (request, reply) => {
      const caller = callers.authenticate(request)
      return answerList(faces, { caller, list: 'plans', query: request.query, reply, show: (id) => planView(plans.get(id)) })
    })
    const own = (caller: ReturnType<typeof callers.authenticate>, id: string) =>
      findOwn(
        caller,
        () => plans.get(id),
        ({ payee }, party) => isPaid(parties, payee, party),
      )
    const ownToChange = (caller: ReturnType<typeof callers.authenticate>, id: string) => {
      const plan = own(caller, id)
      requireMaker(parties, caller, plan)
      return plan
    }
    app.get('/v1/plans/:id', { schema: { params: byId, tags, summary: 'One plan' } }, async (request) =>
      planView(own(callers.authenticate(request), request.params.id)),
    )
    const priced = { params: byId, body: repricePlan, tags, summary: 'Set another price, for periods that begin from now on' }
    app.post('/v1/plans/:id/price', { schema: priced }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const { id } = ownToChange(caller, request.params.id)
      const amount = priceOf(ground, request.body)
      return callers.idempotent(request, reply, caller, async (record) => {
        await plans.reprice(id, amount, { by: callerId(caller), along: (plan) => record(200, planView(plan)) })
      })
    })
    const ended = { params: byId, tags, summary: 'Let nobody new subscribe; who has goes on' }
    app.post('/v1/plans/:id/deactivate', { schema: ended }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const { id } = ownToChange(caller, request.params.id)
      return callers.idempotent(request, reply, caller, async (record) => {
        await plans.deactivate(id, { by: callerId(caller), along: (plan) => record(200, planView(plan)) })
      })
    })
  }
}

function priceOf({ usd }: Needs['ground'], { amount: { amount } }: Readonly<{ amount: Readonly<{ amount: string }> }>): Money {
  const price = parseAmount(amount, usd)
  if (price.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
  return price
}

function planView({ id, payee, amount, every, trialDays, about, metadata, active, createdBy, createdAt }: Plan) {
  return {
    id,
    object: 'plan',
    status: active ? 'active' : 'inactive',
    amount: moneyView(amount),
    interval: every.unit,
    interval_count: every.count,
    trial_days: trialDays,
    [payee.kind]: payee.id,
    seller: about.seller ?? null,
    description: about.description ?? null,
    metadata,
    created_by: createdBy,
    created_at: new Date(createdAt).toISOString(),
  }
}
