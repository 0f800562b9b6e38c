import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { parseAmount } from '../../money/money.ts'
import { PARTS_MAX } from '../../payouts/deciding/withPolicy.ts'
import { assetNamed } from '../http/assetNamed.ts'
import { callerId, findOwn, requireOperator, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { snakeKeys } from '../http/views.ts'
import { byId, performanceHours, routingPolicy, simulateRouting } from '../http/wire.ts'
import { placeOf } from '../walletRoutes/ownAddress.ts'
import { forecastView } from './forecastView.ts'
import { routingMetrics } from './routingMetrics.ts'
import { dryRunView, hourView, notHere, policyView, readPolicy, UNSAID } from './routingPolicyWire.ts'

type Needs = Pick<Faces, 'callers' | 'ground' | 'operations' | 'parties' | 'payouts' | 'wallets'>

/** How rails are chosen: what would be, before anything is paid, and what earlier tries have taught. */
export function routingRoutes({ callers, ground, operations, parties, payouts, wallets }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addPerformance(app, { callers, payouts })
    addPolicies(app, { callers, operations, parties, payouts })
    const told = 'What earlier tries have taught of how often each way pays'
    app.get('/v1/routing/learning', { schema: { tags: ['payouts'], summary: told } }, async (request) => {
      requireOperator(callers.authenticate(request))
      return { object: 'routing_learning', ...(snakeKeys(payouts.payouts.learning()) as object) }
    })
    const health = 'Which rails answer now, and how many calls to each are under way'
    app.get('/v1/routing/health', { schema: { tags: ['payouts'], summary: health } }, async (request) => {
      requireOperator(callers.authenticate(request))
      return { object: 'routing_health', rails: payouts.payouts.health().map(snakeKeys) }
    })
    const scraped = 'How routing does, in the text format of Prometheus'
    app.get('/v1/routing/metrics', { schema: { tags: ['payouts'], summary: scraped } }, async (request, reply) => {
      requireOperator(callers.authenticate(request))
      const { type, text } = await routingMetrics(payouts.payouts)
      return reply.type(type).send(text)
    })
    const foretold = 'What the next hour will cost on rails whose price moves, and how good such forecasts were'
    app.get('/v1/routing/forecast', { schema: { tags: ['payouts'], summary: foretold } }, async (request) => {
      requireOperator(callers.authenticate(request))
      return forecastView(payouts.payouts.forecast())
    })
    const summary = 'What a payout would be decided as now; nothing is sent'
    app.post('/v1/routing/simulate', { schema: { body: simulateRouting, tags: ['payouts'], summary } }, async (request) => {
      const caller = callers.authenticate(request)
      const { party, amount: said, destinations: wished, schedules: lists } = request.body
      requireParty(caller, party)
      const asset = assetNamed(ground.assets, said.asset)
      const amount = parseAmount(said.amount, asset)
      if (amount.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
      const source = accounts.party(parties.parties.get(party).id)
      const destinations = wished.map((d) => placeOf({ callers, parties, wallets }, request, d))
      if (destinations.length > 0) {
        payouts.payouts.check({ source, amount, destinations, reference: '', createdBy: '' })
      }
      return {
        object: 'simulation',
        ...(snakeKeys(await payouts.payouts.simulate({ source, amount, destinations, lists, partsMax: PARTS_MAX })) as object),
      }
    })
  }
}

/** What came of it, counted as it came. */
function addPerformance(app: RouteApp, { callers, payouts }: Pick<Needs, 'callers' | 'payouts'>): void {
  const summary = 'What came of each rail in each hour: chosen, sent, paid, and its cost beside the cheapest fee first'
  app.get('/v1/routing/performance', { schema: { querystring: performanceHours, tags: ['payouts'], summary } }, async (request) => {
    requireOperator(callers.authenticate(request))
    return { data: payouts.payouts.performance(request.query.hours).map(hourView) }
  })
}

/** What a party says of how its payouts are to go. */
function addPolicies(app: RouteApp, { callers, operations, parties, payouts }: Omit<Needs, 'ground' | 'wallets'>): void {
  const { policies, dryRun } = payouts.payouts
  const named = (request: FastifyRequest<{ Params: { id: string } }>) => {
    const caller = callers.authenticate(request)
    const own = () => parties.parties.get(request.params.id)
    return { caller, id: findOwn(caller, own, (found, party) => found.id === party).id }
  }
  const url = '/v1/parties/:id/routing_policy'
  const tags = ['payouts']
  app.get(url, { schema: { params: byId, tags, summary: 'How a party wants its payouts to go' } }, async (request) => {
    const { id } = named(request)
    return policyView(id, policies.of(id) ?? UNSAID)
  })
  const whole = 'Say how its payouts are to go, the whole of it; what is left out is said no more'
  app.post(url, { schema: { params: byId, body: routingPolicy, tags, summary: whole } }, async (request, reply) => {
    const { caller, id } = named(request)
    const terms = readPolicy(request.body)
    return callers.idempotent(request, reply, caller, (record) =>
      policies.set(id, terms, { by: callerId(caller), along: (made) => record(200, policyView(id, made)) }),
    )
  })
  const summary = 'What its decisions of the last week would have come to under such a policy; nothing changes'
  app.post(`${url}/dry_run`, { schema: { params: byId, body: routingPolicy, tags, summary } }, async (request) => {
    const { id } = named(request)
    const terms = readPolicy(request.body)
    const here = ['book', ...operations.rails().map(({ rail }) => rail)]
    return dryRunView(dryRun(accounts.party(id), { ...terms, version: 0 }), notHere(terms, here))
  })
}
