import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { prefixesOf } from '../../guard/admission/prefixes.ts'
import { unitsMaxOf } from '../../money/amountMax.ts'
import { USD } from '../../money/asset.ts'
import { type Money, parseAmount } from '../../money/money.ts'
import type { Challenge } from '../../payins/challenge/buildChallenge.ts'
import { checkPrice, type Priced } from '../../seller/price.ts'
import { sendProblem } from '../http/problem.ts'
import { addCrossOrigin } from './crossOrigin.ts'
import type { PaidFaces } from './paidFaces.ts'
import { createPaywall, KEPT_BODY_BYTES_MAX, type Run } from './paywall.ts'
import { type AskedRequest, type PricedRoute, priceRoute } from './pricedRoute.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The price of this route in USD, and whom it is for: a split (sp_...) or a party (pa_...). A function is for sellers elsewhere. */
    price?: Money | Priced<never>['price']
    split?: string
    payee?: string
    description?: string
  }
  interface FastifyRequest {
    paid: Readonly<{ run: Run; origin: string }> | undefined
  }
}

/**
 * Prices the routes of `app` that carry `config.price`, in the gateway's own process. Give it an app of its own or register it before the routes.
 * `publicUrl` is how payers reach the app.
 */
export function paidRoutes(app: FastifyInstance, faces: PaidFaces, o: { publicUrl: () => string }): void {
  const routes = routesOf(faces, o)
  const paywall = createPaywall(faces)
  app.decorateRequest('paid', undefined)
  addCrossOrigin(app)

  app.addHook('onRoute', ({ config }) => {
    if (config?.price !== undefined) checkOwnPrice(config.price)
  })

  app.addHook('preHandler', async (request, reply) => {
    const route = await routes.of(request)
    if (!route) return
    const entry = await paywall.admit(route, asAsked(request), route.publicUrl)
    if (entry.kind === 'refused') return sendProblem(reply, entry.error)
    if (entry.kind === 'unpaid') return sendChallenge(reply, entry.challenge)
    if (entry.kind === 'run') {
      request.paid = { run: entry.run, origin: route.publicUrl }
      return
    }
    const { answer, headers } = entry
    for (const [name, value] of headers) reply.header(name, value)
    return reply.code(answer.status).type(answer.contentType).send(answer.body)
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const { paid } = request
    if (!paid) return payload
    // Bytes that are no text would come back spoiled.
    const text = typeof payload === 'string' ? payload : Buffer.isBuffer(payload) && isUtf8(payload) ? payload.toString('utf8') : undefined
    const kept = text !== undefined && Buffer.byteLength(text) <= KEPT_BODY_BYTES_MAX ? text : undefined
    const contentType = String(reply.getHeader('content-type') ?? 'text/plain; charset=utf-8')
    request.paid = undefined
    const { run, origin } = paid
    await paywall.finish(run.request, { status: reply.statusCode, contentType, body: kept })
    for (const [name, value] of paywall.headersOf(run, reply.statusCode, origin)) reply.header(name, value)
    return payload
  })
}

/** Money, or what `usd` of switchyard-seller makes. */
function checkOwnPrice(price: object): void {
  if (typeof price === 'function') {
    throw new GatewayError('seller_misconfigured', 'The price of a route is a function', {
      hint: "Use switchyard-seller: in the gateway's own process a route has one price.",
    })
  }
  if (typeof price !== 'object' || !('units' in price)) checkPrice(price)
}

async function sendChallenge(reply: FastifyReply, { headers, body }: Challenge): Promise<FastifyReply> {
  reply.code(402)
  // Values of one name are sent as separate fields, in this order.
  const authenticate = headers.filter(([name]) => name === 'www-authenticate').map(([, value]) => value)
  for (const [name, value] of headers) if (name !== 'www-authenticate') reply.header(name, value)
  if (authenticate.length > 0) reply.header('www-authenticate', authenticate)
  return reply.send(JSON.stringify(body))
}

/** The body as parsed, so that blanks do not make another request. */
function asAsked({ method, url, headers, body, ip }: FastifyRequest): AskedRequest {
  const text = body === undefined || body === null ? '' : JSON.stringify(body)
  return { method, url, headers, body: text, asker: prefixesOf(ip).wide, isMany: false }
}

/** Reads `config.price` of routes, once a route. */
function routesOf(faces: PaidFaces, o: { publicUrl: () => string }) {
  const known = new Map<string, Promise<PricedRoute>>()

  async function load(request: FastifyRequest, url: string): Promise<PricedRoute> {
    const { price, split, payee: party, description = '' } = request.routeOptions.config
    invariant(
      price && typeof price !== 'function' && (split === undefined) !== (party === undefined),
      `the route ${url} needs a price and exactly one of split and payee`,
    )
    const sum = 'units' in price ? price : parseAmount(price.amount, USD)
    invariant(sum.units <= unitsMaxOf(sum.asset), `the price of the route ${url} is more than any real sum`)
    const payee = split === undefined ? { party: party! } : { split }
    return priceRoute(faces, { method: request.method, url, publicUrl: o.publicUrl(), description, price: sum, payee })
  }

  return {
    async of(request: FastifyRequest): Promise<PricedRoute | undefined> {
      if (!request.routeOptions.config.price) return undefined
      const url = request.routeOptions.url ?? request.url
      const key = `${request.method} ${url}`
      const standing = known.get(key)
      if (standing) return standing
      const loading = load(request, url)
      known.set(key, loading)
      loading.catch(() => known.delete(key))
      return loading
    },
  }
}
