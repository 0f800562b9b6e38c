import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { compare, parseAmount } from '../../money/money.ts'
import type { LinkPrice, LinkStatus, PaymentLink } from '../../paymentLinks/link.ts'
import type { NewLink } from '../../paymentLinks/paymentLinks.ts'
import { type Caller, callerId, findOwn } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { moneyView } from '../http/views.ts'
import { byId } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { createPaymentLink, paymentLinksQuery } from './paymentLinkWire.ts'
import { aboutOf, isPaid, payeeOf, requireMaker } from './soldFor.ts'

type Needs = Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'paymentLinks'>
type Body = z.output<typeof createPaymentLink>

/** Payment links: made, seen, closed and opened again. The page that they open is in `pages`. */
export function paymentLinkRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addCreation(app, faces)
    addReading(app, faces)
    addChanges(app, faces)
  }
}

function addCreation(app: RouteApp, { callers, ground, parties, paymentLinks }: Needs): void {
  const summary = 'Make a link by which many may pay, each an intent of his own'
  app.post('/v1/payment_links', { schema: { body: createPaymentLink, tags: ['payment links'], summary } }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { body } = request
    const payee = payeeOf(parties, caller, body)
    const price = priceOf(ground, body)
    const { metadata, uses_max: usesMax, pay_within_s: payWithinS } = body
    const expiresAt = body.expires_at === undefined ? undefined : Date.parse(body.expires_at)
    if (expiresAt !== undefined && expiresAt <= ground.clock.now())
      throw new GatewayError('invalid_request', 'expires_at: this time is over already')
    const fresh: NewLink = { payee, price, about: aboutOf(parties, payee, body), metadata, payWithinS, usesMax, expiresAt }
    return callers.idempotent(request, reply, caller, async (record) => {
      const along = (link: PaymentLink) => record(201, linkView(link, paymentLinks.statusOf(link)))
      await paymentLinks.create(fresh, { by: callerId(caller), along })
    })
  })
}

function addReading(app: RouteApp, faces: Needs): void {
  const { callers, paymentLinks } = faces
  const view = (link: PaymentLink) => linkView(link, paymentLinks.statusOf(link))
  const listed = { querystring: paymentLinksQuery, tags: ['payment links'], summary: 'Newest first; a party sees those that pay it' }
  app.get('/v1/payment_links', { schema: listed }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const show = (id: string) => view(paymentLinks.get(id))
    return answerList(faces, { caller, list: 'payment_links', query: request.query, reply, show })
  })
  const one = { params: byId, tags: ['payment links'], summary: 'One payment link, and how often it was paid' }
  app.get('/v1/payment_links/:id', { schema: one }, async (request) =>
    view(findOwnLink(faces, callers.authenticate(request), request.params.id)),
  )
}

function addChanges(app: RouteApp, faces: Needs): void {
  const { callers, paymentLinks } = faces
  const changes = [
    ['activate', true, 'Let people pay by it again'],
    ['deactivate', false, 'Let nobody begin to pay by it any more; who has begun may go on'],
  ] as const
  for (const [word, active, summary] of changes)
    app.post(`/v1/payment_links/:id/${word}`, { schema: { params: byId, tags: ['payment links'], summary } }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const link = findOwnLink(faces, caller, request.params.id)
      requireMaker(faces.parties, caller, link)
      return callers.idempotent(request, reply, caller, async (record) => {
        const along = (link: PaymentLink) => record(200, linkView(link, paymentLinks.statusOf(link)))
        await paymentLinks.setActive(link.id, active, { by: callerId(caller), along })
      })
    })
}

/** A link is of whoever it pays. */
function findOwnLink({ parties, paymentLinks }: Pick<Needs, 'parties' | 'paymentLinks'>, caller: Caller, id: string): PaymentLink {
  return findOwn(
    caller,
    () => paymentLinks.get(id),
    ({ payee }, party) => isPaid(parties, payee, party),
  )
}

function priceOf({ usd }: Needs['ground'], { amount, amount_min, amount_max }: Body): LinkPrice {
  const read = (given: NonNullable<typeof amount>) => {
    const parsed = parseAmount(given.amount, usd)
    if (parsed.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
    return parsed
  }
  if (amount) return { kind: 'fixed', amount: read(amount) }
  const [least, most] = [read(amount_min!), read(amount_max!)] // The schema has both, or the amount.
  if (compare(least, most) > 0) throw new GatewayError('invalid_amount', 'amount_min is above amount_max')
  return { kind: 'chosen', least, most }
}

function linkView({ id, payee, price, about, metadata, ...link }: PaymentLink, status: LinkStatus) {
  return {
    id,
    object: 'payment_link',
    status,
    // Where a person pays by it: a path on this gateway.
    page: `/l/${id}`,
    amount: price.kind === 'fixed' ? moneyView(price.amount) : null,
    amount_min: price.kind === 'chosen' ? moneyView(price.least) : null,
    amount_max: price.kind === 'chosen' ? moneyView(price.most) : null,
    [payee.kind]: payee.id,
    seller: about.seller ?? null,
    description: about.description ?? null,
    return_url: about.returnUrl ?? null,
    metadata,
    pay_within_s: link.payWithinS,
    uses_max: link.usesMax ?? null,
    paid_count: link.paid,
    open_count: link.open,
    expires_at: link.expiresAt === undefined ? null : new Date(link.expiresAt).toISOString(),
    created_by: link.createdBy,
    created_at: new Date(link.createdAt).toISOString(),
  }
}
