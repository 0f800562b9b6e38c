import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Asset } from '../../money/asset.ts'
import { type Money, parseAmount } from '../../money/money.ts'
import type { StandingOrder, Terms } from '../../orders/order.ts'
import { handOf } from '../http/approving.ts'
import { assetNamed } from '../http/assetNamed.ts'
import { callerId, findOfParty, requireAlso, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { PAYS_OUT } from '../http/needs.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { moneyView, snakeKeys } from '../http/views.ts'
import { byId } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { placeOf } from '../walletRoutes/ownAddress.ts'
import { createStandingOrder, standingOrdersQuery } from './standingOrderWire.ts'

type Needs = Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'orders' | 'parties' | 'wallets'>

/** Standing orders: a balance that is paid out by a calendar. */
export function standingOrderRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addCreation(app, faces)
    addReading(app, faces)
    addChanges(app, faces)
  }
}

function addCreation(app: RouteApp, { callers, ground, orders, parties, wallets }: Needs): void {
  const summary = 'Pay a balance out by a calendar, or when it is above a sum'
  app.post('/v1/standing_orders', { schema: { body: createStandingOrder, tags: ['standing orders'], summary } }, async (request, reply) => {
    const caller = callers.authenticate(request)
    requireAlso(caller, PAYS_OUT)
    const { body } = request
    if (body.party !== undefined) requireParty(caller, body.party)
    if (caller.kind === 'operator' && body.party === undefined)
      throw new GatewayError('invalid_request', 'Name the party whose balance it pays out')
    const owner = caller.kind === 'party' ? caller.party.id : parties.parties.get(body.party!).id
    const asset = assetNamed(ground.assets, body.asset)
    const destination = placeOf({ callers, parties, wallets }, request, body.destination)
    const { every, day = 1, hour = 0, reference, metadata } = body
    const wanted = { party: owner, schedule: { every, day, hour }, terms: termsOf(body, asset), destination, reference, metadata }
    return callers.idempotent(request, reply, caller, (record) =>
      orders.create({ ...wanted, hand: handOf(caller), along: (order) => record(201, viewOf(orders, order)) }),
    )
  })
}

/** Refuses what pays nothing. */
function termsOf(body: z.output<typeof createStandingOrder>, asset: Asset): Terms {
  const of = (text: string | undefined) => (text === undefined ? undefined : parseAmount(text, asset))
  const zero: Money = { asset, units: 0n }
  const fixed = of(body.amount)
  if (fixed?.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
  return { fixed, keep: of(body.keep) ?? zero, above: of(body.when_above), feeMax: of(body.fee_max) ?? zero }
}

function addReading(app: RouteApp, faces: Needs): void {
  const { callers, orders } = faces
  const listed = { querystring: standingOrdersQuery, tags: ['standing orders'], summary: 'Newest first; a party sees its own' }
  app.get('/v1/standing_orders', { schema: listed }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const show = (id: string) => viewOf(orders, orders.get(id))
    return answerList(faces, { caller, list: 'standing_orders', query: request.query, reply, show })
  })
  const one = { params: byId, tags: ['standing orders'], summary: 'One order, when it runs next, and how its last run came out' }
  app.get('/v1/standing_orders/:id', { schema: one }, async (request) =>
    viewOf(
      orders,
      findOfParty(callers.authenticate(request), () => orders.get(request.params.id)),
    ),
  )
}

function addChanges(app: RouteApp, { callers, orders }: Needs): void {
  const changes = [
    ['pause', 'paused', 'Let it rest; nothing is paid later for the time between'],
    ['resume', 'active', 'Let a paused one run again, from the next period on'],
    ['end', 'ended', 'End it for good; what it has paid stays paid'],
  ] as const
  for (const [word, status, summary] of changes)
    app.post(
      `/v1/standing_orders/:id/${word}`,
      { schema: { params: byId, tags: ['standing orders'], summary } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const { id } = findOfParty(caller, () => orders.get(request.params.id))
        if (status === 'active') requireAlso(caller, PAYS_OUT)
        return callers.idempotent(request, reply, caller, async (record) => {
          const along = (order: StandingOrder) => record(200, viewOf(orders, order))
          await orders.change(id, status, { by: callerId(caller), along })
        })
      },
    )
}

function viewOf({ nextRunAt }: Needs['orders'], order: StandingOrder) {
  const { id, party, status, schedule, terms, destination, reference, metadata = {}, last, createdAt } = order
  const { every, day, hour } = schedule
  const next = nextRunAt(order)
  const time = (ms: number) => new Date(ms).toISOString()
  return {
    id,
    object: 'standing_order',
    party,
    status,
    every,
    day: every === 'week' || every === 'month' ? day : null,
    hour: every === 'hour' ? null : hour,
    amount: terms.fixed ? moneyView(terms.fixed) : null,
    keep: moneyView(terms.keep),
    when_above: terms.above ? moneyView(terms.above) : null,
    fee_max: moneyView(terms.feeMax),
    destination: snakeKeys(destination) as object, // Keys of an object make an object.
    reference,
    metadata,
    created_at: time(createdAt),
    next_run_at: next === undefined ? null : time(next),
    last_run: last ? { at: time(last.at), payout: last.payout ?? null, failed: last.code ?? null } : null,
  }
}
