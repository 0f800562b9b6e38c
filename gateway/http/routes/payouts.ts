import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { parseAmount } from '../../money/money.ts'
import type { PayoutView } from '../../payout/view.ts'
import { accounts } from '../../settlement/accounts.ts'
import { callerId, requireOperator, requireParty } from '../authenticate.ts'
import type { Gateway } from '../context.ts'
import { ownAddress } from '../ownAddress.ts'
import { payoutView } from '../views.ts'
import { byId, createPayout, page, toDestination } from '../wire.ts'

/** Payouts and refunds: money out of a balance or a surplus, on the rail that costs least in full. */
export function payoutRoutes(g: Gateway): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/payouts',
      { schema: { body: createPayout, tags: ['payouts'], summary: 'Pay out of a balance, or refund a surplus' } },
      async (request, reply) => {
        const caller = g.authenticate(request)
        const { body } = request
        if (body.party) requireParty(caller, body.party)
        else requireOperator(caller)
        const asset = g.assets.find((a) => a.id === body.amount.asset || a.code === body.amount.asset)
        if (!asset) throw new GatewayError('unknown_asset', `There is no asset ${body.amount.asset.slice(0, 60)} here`)
        const amount = parseAmount(body.amount.amount, asset)
        if (amount.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
        const source = body.party ? accounts.party(g.parties.get(body.party).id) : accounts.surplus(body.surplus!)
        for (const d of body.destinations) if (d.kind === 'party') g.parties.get(d.party)
        const destinations = body.destinations.map((d) => ownAddress(g, request, toDestination(d)))
        return g.idempotent(request, reply, callerId(caller), async (record) => {
          const along = (made: PayoutView) => record(201, payoutView(made))
          await g.payouts.create({ source, amount, destinations, reference: body.reference, along, createdBy: callerId(caller) })
        })
      },
    )
    app.get('/v1/payouts/:id', { schema: { params: byId, tags: ['payouts'], summary: 'A payout with its attempts' } }, async (request) => {
      const caller = g.authenticate(request)
      const payout = g.payouts.get(request.params.id)
      if (caller.kind === 'party' && payout.source !== accounts.party(caller.party.id))
        throw new GatewayError('forbidden', 'This belongs to another party')
      return payoutView(payout)
    })
    app.get('/v1/payouts', { schema: { querystring: page, tags: ['payouts'], summary: 'Newest first' } }, async (request) => {
      requireOperator(g.authenticate(request))
      return { data: g.payouts.list({ limit: request.query.limit, after: request.query.after }).map(payoutView) }
    })
  }
}
