import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { parseAmount } from '../../money/money.ts'
import type { PartyId } from '../../ports/ids.ts'
import { withApproval } from '../http/approving.ts'
import { assetNamed } from '../http/assetNamed.ts'
import { type Caller, callerId, findOfParty, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { payoutView, quoteView } from '../http/views.ts'
import { byId } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { placeOf } from '../walletRoutes/ownAddress.ts'
import type { Body } from './payoutTerms.ts'
import { createQuote, quotesQuery } from './quoteWire.ts'

type Needs = Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'payouts' | 'wallets'>

/** Quotes: what a payout will cost and bring, promised until a time. */
export function quoteRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addCreation(app, faces)
    addReading(app, faces)
  }
}

function addCreation(app: RouteApp, faces: Needs): void {
  const { callers, parties, payouts } = faces
  const summary = 'Promise until a time what a payout costs and what its payee gets'
  app.post('/v1/quotes', { schema: { body: createQuote, tags: ['payouts'], summary } }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { body } = request
    requireParty(caller, body.party)
    const party = parties.parties.get(body.party).id
    const destinations = body.destinations.map((d) => placeOf(faces, request, d))
    const { fee_bearer: feeBearer, expires_in_s: expiresInS, metadata } = body
    const sides = sidesOf(faces, body)
    return callers.idempotent(request, reply, caller, async (record) => {
      const along = (made: Parameters<typeof payouts.quotes.view>[0]) => record(201, quoteView(payouts.quotes.view(made)))
      await payouts.quotes.create({ party, ...sides, destinations, feeBearer, expiresInS, metadata, createdBy: callerId(caller), along })
    })
  })
}

/** Which side is exact, and of which balance it is paid. */
function sidesOf({ ground }: Pick<Faces, 'ground'>, { send, receive, from_asset: from }: z.output<typeof createQuote>) {
  const said = send ?? receive
  const asset = assetNamed(ground.assets, said!.asset) // One of the two is there.
  const amount = parseAmount(said!.amount, asset)
  if (amount.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
  if (send) return { side: 'send' as const, from: asset, amount }
  return { side: 'receive' as const, from: from === undefined ? ground.bookAsset : assetNamed(ground.assets, from), amount }
}

function addReading(app: RouteApp, faces: Needs): void {
  const { callers, payouts } = faces
  const listed = { querystring: quotesQuery, tags: ['payouts'], summary: 'Quotes, newest first; a party sees its own' }
  app.get('/v1/quotes', { schema: listed }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const show = (id: string) => quoteView(payouts.quotes.get(id))
    return answerList(faces, { caller, list: 'quotes', query: request.query, reply, show })
  })
  const one = { params: byId, tags: ['payouts'], summary: 'A quote, and the payout that it became' }
  app.get('/v1/quotes/:id', { schema: one }, async (request) =>
    quoteView(findOfParty(callers.authenticate(request), () => payouts.quotes.get(request.params.id))),
  )
}

type Paying = Readonly<{ request: FastifyRequest; reply: FastifyReply; caller: Caller; body: Body; id: string }>

/** Makes the payout of a quote of this party. What leaves the balance is weighed as any payout is. */
export function payQuote(
  { approvals, callers, ground, payouts }: Pick<Faces, 'approvals' | 'callers' | 'ground' | 'payouts'>,
  { request, reply, caller, body, id }: Paying,
) {
  requireParty(caller, body.party!)
  const quote = findOfParty(caller, () => payouts.quotes.get(id))
  if (quote.party !== body.party) throw new GatewayError('not_found', `${body.party} has no quote ${id}`)
  return callers.idempotent(request, reply, caller, async (record) => {
    const whose = quote.party as PartyId // As the quote was made for.
    await withApproval(approvals, { request, caller, record }, { whose, amount: payouts.quotes.sent(id) }, async (recorded) => {
      const { reference, metadata } = body
      const along = (made: Parameters<typeof payoutView>[0]) => recorded(201, payoutView(made))
      await payouts.quotes.use(id, { payout: ground.ids.payout(), reference, metadata, createdBy: callerId(caller), along })
    })
  })
}
