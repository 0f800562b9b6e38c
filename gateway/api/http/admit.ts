import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import { ceilDivCount } from '../../money/integers.ts'
import { FAILED_STATUS_MIN } from '../../payins/claim/paidRequests.ts'
import { type CallersOfKeys, presentedKey } from './authenticate.ts'
import type { Faces } from './faces.ts'
import { shedLate } from './shedLate.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a request without a key weighs here, in tokens, where it asks a rail or makes something: 1 when it is not given. */
    weight?: number
    /** How many calls a body that was read holds: each is one of its caller's. */
    callsIn?: (body: unknown) => number
  }
}

const MS_PER_S = 1_000
/** The one that is answered 402, and the one with the proof. */
const REQUESTS_A_PAYMENT = 2
/** Whoever looks whether this process lives has to see it also when it is busy, and spends nobody's tokens. */
const HEALTH = '/healthz'

type Needs = Pick<Faces, 'guard'> & Readonly<{ callers: CallersOfKeys }>

/**
 * Puts the guard before every route of `app` that is added after it: too much waiting is refused with 503, too many from one caller or one place with 429,
 * both before a body is read and with `Retry-After`.
 */
export function addAdmission(app: FastifyInstance, { guard, callers }: Needs): void {
  shedLate(app.server, { guard, spared: HEALTH })
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.url === HEALTH) return
    const key = presentedKey(request)
    const caller = key === undefined ? undefined : callers.idOfKey(key)
    const waitMs = askedFor(guard, request, { key, caller })
    if (caller !== undefined) showQuota(reply, guard.callerQuota(caller))
    refuseFor(waitMs)
  })
  app.addHook('preHandler', async (request) => {
    const more = (request.routeOptions.config?.callsIn?.(request.body) ?? 1) - 1
    const key = more > 0 ? presentedKey(request) : undefined
    const caller = key === undefined ? undefined : callers.idOfKey(key)
    if (caller !== undefined) refuseFor(guard.caller(caller, more))
  })
  app.addHook('onResponse', async (request, reply) => {
    if (wasPaid(reply) && presentedKey(request) === undefined)
      guard.paid(request.ip, routeOf(request), REQUESTS_A_PAYMENT * weightOf(request))
  })
}

/** Nothing is done for whom it is too early. */
function refuseFor(waitMs: number): void {
  if (waitMs === 0) return
  throw new GatewayError('rate_limited', 'Too many requests came from there', { meta: { retry_after_s: ceilDivCount(waitMs, MS_PER_S) } })
}

/** In how many ms this caller may ask; 0 is now. */
function askedFor(
  guard: Faces['guard'],
  request: FastifyRequest,
  { key, caller }: Readonly<{ key: string | undefined; caller: string | undefined }>,
): number {
  if (key === undefined) return guard.stranger(request.ip, routeOf(request), weightOf(request))
  return caller === undefined ? guard.wrongKey(request.ip) : guard.caller(caller)
}

/** How many calls a caller has left, and in how many seconds all of them again: the fields of draft-ietf-httpapi-ratelimit-headers, one quota `key`. */
function showQuota(reply: FastifyReply, { tokens, fullInMs, burst, perS }: ReturnType<Faces['guard']['callerQuota']>): void {
  reply.header('ratelimit-policy', `"key";q=${burst};w=${ceilDivCount(burst, perS)}`)
  reply.header('ratelimit', `"key";r=${tokens};t=${ceilDivCount(fullInMs, MS_PER_S)}`)
}

/** The path as it is declared, so that ids in it make no route of their own. */
function routeOf({ method, routeOptions }: FastifyRequest): string {
  return `${method} ${routeOptions.url ?? ''}`
}

function weightOf({ routeOptions }: FastifyRequest): number {
  return routeOptions.config?.weight ?? 1
}

/** Paid for now, and for good: a proof that is sent again pays for nothing, and the payment of what failed goes back. */
function wasPaid(reply: FastifyReply): boolean {
  return reply.hasHeader('switchyard-receipt') && !reply.hasHeader('idempotent-replayed') && reply.statusCode < FAILED_STATUS_MIN
}
