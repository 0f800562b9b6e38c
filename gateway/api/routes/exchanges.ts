import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { CreateExchange } from '../../exchange/createExchange.ts'
import { parseAmount } from '../../money/money.ts'
import { withApproval } from '../http/approving.ts'
import { assetNamed } from '../http/assetNamed.ts'
import { callerId, findOfParty, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { exchangeView } from '../http/views.ts'
import { byId, toDestination } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { amounts, byMetadata, listQuery } from '../lists/listQuery.ts'
import { createExchange } from './exchangeWire.ts'

const exchangesQuery = listQuery({ ...amounts, ...byMetadata })

/** Exchanges: a payment in on one rail for a payout on another, both or neither. */
export function exchangeRoutes({
  approvals,
  audit,
  callers,
  exchanges,
  ground,
  ledger,
  parties,
}: Pick<Faces, 'approvals' | 'audit' | 'callers' | 'exchanges' | 'ground' | 'ledger' | 'parties'>): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/exchanges',
      {
        schema: {
          body: createExchange,
          tags: ['exchanges'],
          summary: 'Take a payment on one rail only if a payout on another is made',
        },
      },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const { body } = request
        requireParty(caller, body.party)
        const party = parties.parties.get(body.party).id
        const asset = assetNamed(ground.assets, body.amount.asset)
        const amount = parseAmount(body.amount.amount, asset)
        for (const d of body.destinations) if (d.kind === 'party') parties.parties.get(d.party)
        const from: CreateExchange['from'] =
          'rail' in body.from
            ? { kind: 'hold' }
            : { kind: 'intent', rails: body.from.rails, refundTo: body.from.refund_to.map(toDestination) }
        const { reference, description, metadata, expires_in_s: expiresInS } = body
        const destinations = body.destinations.map(toDestination)
        return callers.idempotent(request, reply, caller, (plain) =>
          withApproval(approvals, { request, caller, record: plain }, { whose: party, amount }, async (record) => {
            const along: CreateExchange['along'] = (made) => record(201, exchangeView(made))
            const createdBy = callerId(caller)
            const about = { reference, description, metadata }
            await exchanges.create({ party, createdBy, from, amount, destinations, ...about, expiresInS, along })
          }),
        )
      },
    )
    app.get(
      '/v1/exchanges/:id',
      { schema: { params: byId, tags: ['exchanges'], summary: 'Where an exchange stands' } },
      async (request) => {
        const caller = callers.authenticate(request)
        return exchangeView(findOfParty(caller, () => exchanges.get(request.params.id)))
      },
    )
    const listed = { querystring: exchangesQuery, tags: ['exchanges'], summary: 'Newest first; a party sees its own' }
    app.get('/v1/exchanges', { schema: listed }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const show = (id: string) => exchangeView(exchanges.get(id))
      return answerList({ audit, ground, ledger }, { caller, list: 'exchanges', query: request.query, reply, show })
    })
  }
}
