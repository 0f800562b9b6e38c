import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { prefixesOf } from '../../guard/admission/prefixes.ts'
import { USD } from '../../money/asset.ts'
import { formatAmount, type Money, money, parseAmount } from '../../money/money.ts'
import type { BazaarEntry } from '../../payins/challenge/bazaar.ts'
import type { PassTerms } from '../../payins/challenge/passTerms.ts'
import { runnerName } from '../../payins/claim/runner.ts'
import { checkPass, passTermsOf } from '../../seller/pass.ts'
import { type Caller, callerId, findOwn, requireParty } from '../http/authenticate.ts'
import { problemHeaders, problemText } from '../http/problem.ts'
import type { RouteApp } from '../http/routeApp.ts'
import type { PaidFaces } from '../paid/paidFaces.ts'
import { createPaywall, type Paywall } from '../paid/paywall.ts'
import { type AskedRequest, type PayeeNames, type PricedRoute, priceRoute } from '../paid/pricedRoute.ts'
import { baseUrl } from '../walletRoutes/lnurlAnswer.ts'
import { createKeep, type Keep } from './admissionAnswers.ts'
import { type AdmissionBatch, type AdmissionRequest, admissionAnswer, admissionBatch, admissionRequest } from './admissionWire.ts'
import { answerInLines } from './answerInLines.ts'

/** Routes of sellers that are kept ready, with what chains said of them. */
const ROUTES_KEPT = 1_000
/** A body of 64 kB, each of whose bytes JSON may write with six. */
const ANSWER_BYTES_MAX = 524_288
/** So much do sellers put into one at most, whatever its letters. */
const BATCH_BYTES_MAX = 1_048_576
const MS_PER_S = 1_000

/** For sellers whose app is elsewhere: the paywall of this gateway over HTTP. */
export function admissionRoutes(faces: PaidFaces): FastifyPluginAsyncZod {
  const paywall = createPaywall(faces)
  return async (app) => {
    const [admit, keep] = [createAdmit(faces, paywall), createKeep(faces, paywall)]
    addAdmissions(app, admit, faces)
    addAnswers(app, keep, faces)
    addBatches(app, { admit, keep }, faces)
  }
}

function addAdmissions(app: RouteApp, admit: Admit, { callers }: PaidFaces): void {
  app.post(
    '/v1/admissions',
    {
      schema: { body: admissionRequest, tags: ['sellers'], summary: "What to do with a payer's request: run it, or answer it so" },
    },
    async (request) => admit(callers.authenticate(request), request.body, askedAt(callers, request)),
  )
}

function addAnswers(app: RouteApp, keep: Keep, { callers }: PaidFaces): void {
  app.post(
    '/v1/admissions/answers',
    {
      bodyLimit: ANSWER_BYTES_MAX,
      schema: { body: admissionAnswer, tags: ['sellers'], summary: 'What the work answered, before the payer sees it' },
    },
    async (request) => keep(callers.authenticate(request), request.body),
  )
}

function addBatches(app: RouteApp, { admit, keep }: Readonly<{ admit: Admit; keep: Keep }>, { callers }: PaidFaces): void {
  app.post(
    '/v1/admissions/batches',
    {
      bodyLimit: BATCH_BYTES_MAX,
      config: { callsIn: (body) => (body as AdmissionBatch).calls.length }, // Its shape is checked before.
      schema: {
        body: admissionBatch,
        tags: ['sellers'],
        summary: 'Many of both calls in one; each is answered when its word is there, a line each',
      },
    },
    (request, reply) => {
      const caller = callers.authenticate(request)
      const at = askedAt(callers, request)
      const calls = request.body.calls.map((call) => async (): Promise<unknown> => {
        if ('admit' in call) return admit(caller, shapedAs(admissionRequest, call.admit), at)
        return keep(caller, shapedAs(admissionAnswer, call.answer))
      })
      reply.hijack()
      answerInLines(reply.raw, calls, request.id)
    },
  )
}

/** The value as a call of its own would have read it. Throws `invalid_request` with the fields that are wrong. */
function shapedAs<T extends z.ZodType>(shape: T, value: unknown): z.infer<T> {
  const { data, error } = shape.safeParse(value)
  if (data !== undefined) return data
  const errors = error!.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  const [first] = errors
  throw new GatewayError('invalid_request', `${first?.path || 'the call'}: ${first?.message}`, { meta: { errors } })
}

/** The request by its id, and how the payer reaches this gateway, as far as that is known. */
type AskedAt = Readonly<{ requestId: string; origin: string }>

function askedAt(callers: PaidFaces['callers'], request: FastifyRequest): AskedAt {
  return { requestId: request.id, origin: baseUrl(callers, request).origin }
}

type Admit = ReturnType<typeof createAdmit>

/** What to do with a payer's request. */
function createAdmit(faces: PaidFaces, paywall: Paywall) {
  const routeOf = createRoutes(faces)
  return async (caller: Caller, body: AdmissionRequest, { requestId, origin }: AskedAt) => {
    const route = await routeOf(caller, body)
    const runner = { name: runnerName(callerId(caller), body.attempt), withinMs: body.answer_within_s * MS_PER_S }
    const entry = await paywall.admit(route, askedBy(caller, body), origin, runner)
    switch (entry.kind) {
      case 'run': {
        const { claimKey: claim, receipt, answerBy, metered, price } = entry.run.request
        // What this payer has promised, which the route may ask otherwise by now.
        const upto = metered === 'no' ? {} : { upto: { asset: USD.code, amount: formatAmount(money(USD, price)) } }
        const headers = paywall.orderedHeaders(entry.run, route.payee, origin)
        return { kind: 'run', claim, receipt, answer_by: answerBy, ...upto, headers }
      }
      case 'open':
        return { kind: 'open', headers: entry.headers }
      case 'replayed': {
        const { status, contentType, body: text } = entry.answer
        return { kind: 'replayed', status, headers: [...entry.headers, ['content-type', contentType]], body: text }
      }
      // Long answers are kept of this process's own routes, and no proof for one of those is good for a seller elsewhere.
      case 'stored':
        return refused(
          new GatewayError('answer_not_kept', 'The answer was too long to keep', { meta: { receipt: entry.receipt } }),
          requestId,
        )
      case 'unpaid':
        return { kind: 'unpaid', status: entry.shown.status, headers: entry.shown.headers, body: entry.shown.text }
      case 'refused':
        return refused(entry.error, requestId)
    }
  }
}

function refused(error: GatewayError, requestId: string) {
  return { kind: 'refused', status: error.status, headers: problemHeaders(error), body: problemText(error, requestId) }
}

/** Whom the money is for, and that the caller may sell for it: a party for itself, or for a split that gives it a share. */
function payeeFor({ parties: { splits } }: PaidFaces, caller: Caller, { split, payee }: AdmissionRequest): PayeeNames {
  if (split !== undefined && payee !== undefined)
    throw new GatewayError('invalid_request', 'A price is for a split or for a payee, not both')
  if (split !== undefined) {
    findOwn(
      caller,
      () => splits.get(split),
      ({ payees }, party) => payees.some((row) => row.party === party),
    )
    return { split }
  }
  const party = payee ?? (caller.kind === 'party' ? caller.party.id : undefined)
  if (party === undefined)
    throw new GatewayError('invalid_request', 'A price is for somebody', { hint: 'Name a split or a payee, or use the key of a party.' })
  requireParty(caller, party)
  return { party }
}

function askedBy(caller: Caller, { attempt, request }: AdmissionRequest): AskedRequest {
  const { method, url, headers, body_digest: body = '', from } = request
  const use = `${callerId(caller)} ${attempt}`
  const asker = from === undefined ? callerId(caller) : `${callerId(caller)} ${prefixesOf(from).wide}`
  return { method, url: url.slice(originOf(url).length) || '/', headers, body, asker, address: from, isMany: from === undefined, use }
}

/** The URL up to its path, which is kept as it was sent. */
function originOf(url: string): string {
  return /^https?:\/\/[^/?]+/.exec(url)![0]
}

/** Throws `invalid_request` for a pass that cannot be. */
function passOf({ pass, price, price_of: priceOf }: AdmissionRequest, each: Money): PassTerms | undefined {
  if (!pass) return undefined
  const { uses, budget, for_ms: forMs, price: whole } = pass
  const option = { ...(uses && { uses }), ...(budget && { budget }), ...(forMs && { forMs }), ...(whole && { price: whole }) }
  try {
    // What this very request may cost is not what another one may.
    checkPass(option, priceOf === 'request' && (budget || !price.upto) ? () => price : price.upto ? { upto: each } : each)
    return passTermsOf(option, each)
  } catch (error) {
    if (!isGatewayError(error, 'seller_misconfigured')) throw error
    throw new GatewayError('invalid_request', error.shortMessage, { cause: error })
  }
}

/** Reads what a seller says of its route; the newest are kept, because the chains' terms for them are. */
function createRoutes(faces: PaidFaces) {
  const known = new Map<string, Promise<PricedRoute>>()

  return (caller: Caller, body: AdmissionRequest): Promise<PricedRoute> => {
    const payee = payeeFor(faces, caller, body)
    const { method, url, route, body_digest: digest = '' } = body.request
    const publicUrl = originOf(url)
    // A challenge is the seller's own: another one's for the same address is no proof of payment to this one.
    const bound = JSON.stringify([callerId(caller), publicUrl, body.price_of === 'request' ? [url, digest] : route])
    const { description, price_of: priceOf, agents } = body
    const listed = body.listed as Pick<BazaarEntry, 'example'> | undefined // It was read from JSON.
    // A seller may read no body before it is paid.
    const bodyIsKnown = priceOf === 'request'
    const { amount, upto } = body.price
    const passBound = JSON.stringify([callerId(caller), publicUrl, route])
    const key = JSON.stringify([method, bound, route, description, amount, upto, payee, body.pass, listed, agents])
    const standing = known.get(key)
    if (standing) return standing
    const price = parseAmount(amount, USD)
    if (price.units === 0n) throw new GatewayError('invalid_amount', 'A price is more than nothing')
    const pass = passOf(body, price)
    const loading = priceRoute(faces, {
      method,
      url: route,
      publicUrl,
      description,
      price,
      upto,
      priceOf,
      bodyIsKnown,
      payee,
      bound,
      listed,
      agents,
      pass,
      passBound,
      // The operator sells for whom it likes; anybody else has one share, whoever the money is for.
      seller: caller.kind === 'party' ? caller.party.id : undefined,
    })
    known.set(key, loading)
    if (known.size > ROUTES_KEPT) known.delete(known.keys().next().value!)
    loading.catch(() => known.delete(key))
    return loading
  }
}
