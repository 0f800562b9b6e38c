import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { GatewayError } from '../errors/gatewayError.ts'

const DOCS = '/errors#'
const RETRY_AFTER_S: Partial<Record<string, string>> = {
  too_busy: '1',
  request_in_progress: '1',
  outcome_unknown: '2',
  rail_unavailable: '5',
}

/** RFC 9457 body of a refusal. Bigints become decimal strings; the cause and the stack stay here. */
export function problemOf(error: GatewayError, requestId: string): Record<string, unknown> {
  return {
    type: `${DOCS}${error.code}`,
    title: error.title,
    status: error.status,
    detail: `${error.shortMessage}. ${error.hint}`,
    code: error.code,
    hint: error.hint,
    outcome: error.code === 'outcome_unknown' ? 'unknown' : 'failed',
    request_id: requestId,
    ...(Object.keys(error.meta).length > 0
      ? { meta: JSON.parse(JSON.stringify(error.meta, (_, v) => (typeof v === 'bigint' ? v.toString() : v))) }
      : {}),
  }
}

export function sendProblem(reply: FastifyReply, error: GatewayError): FastifyReply {
  const retry = RETRY_AFTER_S[error.code]
  if (retry) reply.header('retry-after', retry)
  if (error.status === 401) reply.header('www-authenticate', 'Bearer realm="switchyard"')
  return reply
    .code(error.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(problemOf(error, reply.request.id))
}

/** What Fastify itself refuses, in our words. Anything unexpected is logged and answered without its content. */
function toGatewayError(error: FastifyError, request: FastifyRequest): GatewayError {
  if (error instanceof GatewayError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map((v) => ({ field: v.instancePath || '/', problem: v.message ?? 'is not valid' }))
    const first = errors[0]
    return new GatewayError('invalid_request', `${first?.field ?? '/'}: ${first?.problem ?? 'is not valid'}`, { meta: { errors } })
  }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new GatewayError('body_too_large', 'The body is larger than 64 kB')
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new GatewayError('unsupported_media_type', 'The body is not JSON')
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new GatewayError('invalid_request', 'The request cannot be read', {
      hint: 'Send valid JSON with Content-Type: application/json.',
    })
  }
  request.log.error({ err: error }, 'unexpected error')
  return new GatewayError('internal_error', 'Something unexpected happened here', { meta: { request_id: request.id } })
}

/** Makes every refusal of this server an RFC 9457 problem. */
export function useProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(reply, toGatewayError(error, request)))
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, new GatewayError('not_found', `There is no ${request.method} ${request.url.split('?')[0]!.slice(0, 200)}`)),
  )
}
