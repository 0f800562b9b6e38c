import { isUtf8 } from 'node:buffer'
import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { prefixesOf } from '../../guard/admission/prefixes.ts'
import { unitsMaxOf } from '../../money/amountMax.ts'
import { USD } from '../../money/asset.ts'
import { min } from '../../money/integers.ts'
import { type Money, money, parseAmount } from '../../money/money.ts'
import { FAILED_STATUS_MIN } from '../../payins/claim/paidRequests.ts'
import { begunAnswer } from '../../seller/begunAnswer.ts'
import { endingAlways } from '../../seller/endingAlways.ts'
import { createMeter, type Meter, type RunningMeter } from '../../seller/meter.ts'
import { checkPass, passTermsOf } from '../../seller/pass.ts'
import { checkPrice, type PassOption, type Price, type Priced, stepOf, type Upto } from '../../seller/price.ts'
import type { RouteExample } from '../discovery/listing.ts'
import { ownRoutes, serveDocuments } from '../discovery/ownDocuments.ts'
import { sendProblem } from '../http/problem.ts'
import { addCrossOrigin } from './crossOrigin.ts'
import { giveMetered } from './giveMetered.ts'
import { isStream, type Keeping, keepBytesOf, keepLong } from './keepAnswer.ts'
import { coveredOf, openOf, sendStepped } from './meteredAnswer.ts'
import type { PaidFaces } from './paidFaces.ts'
import { createPaywall, KEPT_BODY_BYTES_MAX, type Run } from './paywall.ts'
import { type AskedRequest, type PricedRoute, priceRoute, type WantedAgents } from './pricedRoute.ts'
import { sendStored } from './sendStored.ts'
import { type SessionOption, sessionTermsOf } from './sessionTerms.ts'
import type { ShownChallenge } from './showChallenge.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The price of this route in USD, and whom it is for: a split (sp_...) or a party (pa_...). With `upto` the most that a request may cost: its handler says
     * by `request.meter` what it used. A function is for sellers elsewhere.
     */
    price?: Money | Upto<Money | Price> | Priced<never>['price']
    split?: string
    payee?: string
    description?: string
    /** The route is for agents that sign their requests: 'required', or those that are named. */
    agents?: WantedAgents
    /** `false` keeps the route out of all that tells strangers what is sold here. */
    listed?: false
    /** A request that is answered, and how, for whoever looks for such a route. */
    example?: RouteExample
    /** How many bytes are kept of an answer that is a stream or too long for the journal, 8 MiB unless it says so; 0 for none, 64 MiB at most. */
    keep?: number
    /** What an invoice buys where that is more than one request. */
    pass?: PassOption
    /** Requests may be paid by vouchers of one channel. */
    session?: SessionOption
    /** This route takes the vouchers of the one that is asked for by this method. */
    vouchersOf?: string
  }
  interface FastifyRequest {
    /** `isAnswered`: what its work has answered was seen here, whether or not somebody still waits for it. */
    paid: (Paid & { isAnswered: boolean }) | undefined
    /** What a request uses of its maximum, on a route whose price is one. Throws `seller_misconfigured` on any other. */
    readonly meter: Meter
  }
}

type Paid = Readonly<{ run: Run; origin: string; meter: RunningMeter | undefined; keeping: Keeping }>

const METER_HINT = "Give the route price: { upto: usd('0.05') } to charge for what its handler uses."

/**
 * Prices the routes of `app` that carry `config.price`, in the gateway's own process. Give it an app of its own or register it before the routes.
 * `publicUrl` is how payers reach the app.
 */
export function paidRoutes(app: FastifyInstance, faces: PaidFaces, o: { publicUrl: () => string }): void {
  const routes = routesOf(faces, o)
  const paywall = createPaywall(faces)
  app.decorateRequest('paid', undefined)
  app.decorateRequest('meter', {
    getter(this: FastifyRequest) {
      if (this.paid?.meter) return this.paid.meter.meter
      throw new GatewayError('seller_misconfigured', 'This route has one price, so it has no meter', { hint: METER_HINT })
    },
  })
  addCrossOrigin(app)

  app.addHook('onRoute', (options) => {
    const { config, method, url } = options
    if (config?.price === undefined) return
    options.handler = endingAlways(options.handler, ({ paid }) => paid?.isAnswered === false)
    checkOwnPrice(config.price)
    checkOwnPass(config)
    sessionTermsOf(config.session, typeof config.price === 'object' && 'upto' in config.price)
    keepBytesOf(config.keep)
    if (config.session) addVouchers(app, options)
    for (const name of [method].flat()) listRoute(app, { method: name, path: url, config })
  })
  serveDocuments(app, faces, o)

  app.addHook('preHandler', async (request, reply) => {
    const route = await routes.of(request)
    if (!route) return
    const entry = await paywall.admit(route, asAsked(request), route.publicUrl)
    if (entry.kind === 'refused') return sendProblem(reply, entry.error)
    if (entry.kind === 'unpaid') return sendChallenge(reply, entry.shown)
    if (entry.kind === 'run') return begin(request, entry.run, route)
    if (entry.kind === 'open') {
      for (const [name, value] of entry.headers) reply.header(name, value)
      return
    }
    if (entry.kind === 'stored') return sendStored(reply, entry, { request, answers: faces.payins.answers! }) // It is where it was found.
    const { answer, headers } = entry
    for (const [name, value] of headers) reply.header(name, value)
    return reply.code(answer.status).type(answer.contentType).send(answer.body)
  })

  app.addHook('onSend', async (request, reply, given) => {
    const { paid } = request
    if (!paid || paid.isAnswered) return given
    paid.isAnswered = true
    const payload = await begunAnswer(given, reply, () => Object.assign(paid, { isAnswered: false }))
    // Bytes that are no text would come back spoiled.
    const text = typeof payload === 'string' ? payload : Buffer.isBuffer(payload) && isUtf8(payload) ? payload.toString('utf8') : undefined
    const kept = text !== undefined && Buffer.byteLength(text) <= KEPT_BODY_BYTES_MAX ? text : undefined
    const contentType = String(reply.getHeader('content-type') ?? 'text/plain; charset=utf-8')
    const { run, origin, meter, keeping } = paid
    const answer = { status: reply.statusCode, contentType, body: kept }
    if (meter && isStream(payload) && answer.status < FAILED_STATUS_MIN) {
      if (run.steps) return sendStepped({ paywall, run, steps: run.steps, meter, answer, origin }, payload, reply)
      const parts = { paywall, answers: faces.payins.answers, clock: faces.ground.clock, log: request.log }
      const stream = await giveMetered(parts, reply, { payload, run, meter, keeping, answer })
      for (const [name, value] of (await paywall.shown(run, answer, origin)).headers) reply.header(name, value)
      return stream
    }
    const told = meter ? await coveredOf(run, meter, answer, () => Object.assign(paid, { isAnswered: false })) : answer
    const long = kept === undefined ? await keepLong(faces.payins.answers, reply, { payload, request: run.request, keeping }) : undefined
    await paywall.finish(openOf(run, meter), told).catch(long?.drop)
    const { body, headers } = await paywall.shown(run, told, origin)
    for (const [name, value] of headers) reply.header(name, value)
    if (body === kept) return long ? long.give() : payload
    reply.removeHeader('content-length')
    return body
  })
}

/** A route that is not read by GET has no HEAD by itself, which is how a payer sends a voucher while it reads. */
function addVouchers(app: FastifyInstance, { method, url, config }: RouteOptions): void {
  const [only] = [method].flat()
  if (only === undefined || only === 'GET' || only === 'HEAD' || config?.vouchersOf || app.hasRoute({ method: 'HEAD', url })) return
  app.route({ method: 'HEAD', url, config: { ...config, listed: false, vouchersOf: only }, handler: async () => '' })
}

function begin(request: FastifyRequest, run: Run, { publicUrl, upto, seller, price }: PricedRoute): void {
  const { headers, routeOptions } = request
  const most = run.steps ? price.units : run.request.price
  const meter = upto ? createMeter({ most, step: min(stepOfRoute(routeOptions.config), most) }) : undefined
  const isNamed = run.proof?.kind === 'authorization' && run.proof.paymentId !== undefined
  const keyed = isNamed || headers['idempotency-key'] !== undefined
  const keeping = { bytesMax: keepBytesOf(routeOptions.config.keep), seller, keyed }
  request.paid = { run, origin: publicUrl, meter, keeping, isAnswered: false }
}

/** A `HEAD` buys nothing of its own. */
function listRoute(app: FastifyInstance, o: Readonly<{ method: string; path: string; config: FastifyContextConfig }>): void {
  const { method, path, config } = o
  if (method === 'HEAD' || method === 'OPTIONS' || config.price === undefined || typeof config.price === 'function') return
  const { listed, hidden } = ownRoutes(app)
  if (config.listed === false) return void hidden.push({ method, path })
  const price = moneyOf(config.price)
  listed.push({
    method,
    path,
    price: 'upto' in config.price ? { kind: 'range', least: money(price.asset, 0n), most: price } : { kind: 'fixed', price },
    description: config.description ?? '',
    example: config.example,
    isForAgents: config.agents !== undefined,
  })
}

function moneyOf(price: Exclude<NonNullable<FastifyContextConfig['price']>, (...given: never) => unknown>): Money {
  const stated = 'upto' in price ? price.upto : price
  return 'units' in stated ? stated : parseAmount(stated.amount, USD)
}

/** In units of USD, of a route that has a maximum. */
function stepOfRoute({ price }: FastifyContextConfig): bigint {
  invariant(typeof price === 'object' && 'upto' in price, 'a route with a meter has a maximum')
  return stepOf(unitsOf(price.upto), price.step && unitsOf(price.step))
}

function unitsOf(stated: Money | Price): bigint {
  return 'units' in stated ? stated.units : parseAmount(stated.amount, USD).units
}

/** Money, or what `usd` of switchyard-seller makes. */
function checkOwnPrice(price: object): void {
  if (typeof price === 'function') {
    throw new GatewayError('seller_misconfigured', 'The price of a route is a function', {
      hint: "Use switchyard-seller: in the gateway's own process a route has one price.",
    })
  }
  const stated = typeof price === 'object' && 'upto' in price ? price.upto : price
  if (typeof stated !== 'object' || stated === null || !('units' in stated)) checkPrice(stated)
  if ('upto' in price) stepOfRoute({ price: price as Upto<Money | Price> }) // Its maximum was looked at.
}

/** A use of a pass has one price; what work uses of a maximum is paid from a budget. */
function checkOwnPass({ pass, price }: FastifyContextConfig): void {
  if (price !== undefined) checkPass(pass, price)
}

async function sendChallenge(reply: FastifyReply, { status, headers, text }: ShownChallenge): Promise<FastifyReply> {
  reply.code(status)
  // Values of one name are sent as separate fields, in this order.
  const authenticate = headers.filter(([name]) => name === 'www-authenticate').map(([, value]) => value)
  for (const [name, value] of headers) if (name !== 'www-authenticate') reply.header(name, value)
  if (authenticate.length > 0) reply.header('www-authenticate', authenticate)
  return reply.send(text)
}

/** The body as parsed, so that blanks do not make another request. */
function asAsked({ method, url, headers, body, ip, id: use }: FastifyRequest): AskedRequest {
  const text = body === undefined || body === null ? '' : JSON.stringify(body)
  return { method, url, headers, body: text, asker: prefixesOf(ip).wide, address: ip, isMany: false, use }
}

/** Reads `config.price` of routes, once a route. */
function routesOf(faces: PaidFaces, o: { publicUrl: () => string }) {
  const known = new Map<string, Promise<PricedRoute>>()

  async function load(request: FastifyRequest, url: string): Promise<PricedRoute> {
    const {
      price,
      split,
      payee: party,
      description = '',
      pass: option,
      listed: isListed,
      example,
      agents,
      session,
      vouchersOf = request.method,
    } = request.routeOptions.config
    invariant(
      price && typeof price !== 'function' && (split === undefined) !== (party === undefined),
      `the route ${url} needs a price and exactly one of split and payee`,
    )
    const [upto, sum] = ['upto' in price, moneyOf(price)]
    invariant(sum.units <= unitsMaxOf(sum.asset), `the price of the route ${url} is more than any real sum`)
    const payee = split === undefined ? { party: party! } : { split }
    const pass = option && passTermsOf(option, sum)
    const listed = isListed === false ? undefined : { example }
    const said = { description, listed, agents, pass, session: sessionTermsOf(session, upto) }
    return priceRoute(faces, { method: vouchersOf, url, publicUrl: o.publicUrl(), price: sum, upto, payee, ...said })
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
