import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import { spelledBefore } from './olderSpelling.ts'

/** The spellings of the API that are answered, by the day from which each holds; the newest first. docs/api.md says what changed with it. */
export const API_VERSIONS = ['2026-11-24', '2026-11-23'] as const
const HEADER = 'switchyard-version'
/** What was called otherwise before 2026-11-24. */
const OLDER = '2026-11-23'
/** Whose answers the first version spells otherwise. */
const RESPELLED = /^\/v1\/payment_intents(?:$|\/)/

/** Whether a request asks for the spelling of before: also one of a priced route, whose 402 has an older one too. */
export function isOlder({ [HEADER]: asked }: IncomingHttpHeaders): boolean {
  return asked === OLDER
}

/**
 * Says with each answer of the API which spelling it is in. A client that names one gets it or is refused, and is never answered in another one; who names
 * none gets the newest.
 */
export function addApiVersion(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.routeOptions.url?.startsWith('/v1/')) return
    const asked = request.headers[HEADER]
    if (asked !== undefined && !API_VERSIONS.some((version) => version === asked))
      throw new GatewayError('unknown_version', `There is no version ${String(asked).slice(0, 40)} of this API`, {
        meta: { versions: API_VERSIONS },
      })
    reply.header(HEADER, asked ?? API_VERSIONS[0])
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const isOlder = reply.getHeader(HEADER) === OLDER && RESPELLED.test(request.routeOptions.url ?? '')
    return isOlder && reply.statusCode < 400 && typeof payload === 'string' ? spelledBefore(payload) : payload
  })
}
