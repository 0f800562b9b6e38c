import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { ErrorCode } from '../../errors/catalog.ts'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { retryAfter } from '../../errors/retryAfter.ts'
import { problemType } from '../../payins/challenge/refusalNames.ts'

const DOCS = '/errors#'
/** After these a payment or an operation may stand: the caller must repeat the same request, and not make a new one. */
const MAY_STAND: ReadonlySet<ErrorCode> = new Set([
  'outcome_unknown',
  'internal_error',
  'request_in_progress',
  'request_interrupted',
  'authorization_paid_before',
])

/** Both ask for a signature, in the words of RFC 9421, section 5. */
const WANTS_AGENT: ReadonlySet<ErrorCode> = new Set(['agent_required', 'agent_signature_invalid'])
const ACCEPT_SIGNATURE = 'sig=("@authority" "signature-agent";key="sig");created;expires;keyid;nonce;tag="web-bot-auth"'

/** Where the payer of work that was not delivered fetches what is due. */
export const REFUND_HEADER = 'switchyard-refund'

/**
 * RFC 9457 body of a refusal; wrong fields are its extension member `errors`, the link to a refund is `refund`. Bigints become decimal strings; the cause and
 * the stack stay here.
 */
function problemOf(error: GatewayError, requestId: string): Record<string, unknown> {
  const { errors, refund, ...meta } = error.meta
  return {
    type: error.code.startsWith('session_') ? problemType(error.code) : `${DOCS}${error.code}`,
    title: error.title,
    status: error.status,
    detail: `${error.shortMessage}. ${error.hint}`,
    code: error.code,
    hint: error.hint,
    outcome: MAY_STAND.has(error.code) ? 'unknown' : 'failed',
    request_id: requestId,
    ...(errors === undefined ? {} : { errors: plain(errors) }),
    ...(refund === undefined ? {} : { refund: plain(refund) }),
    ...(Object.keys(meta).length > 0 ? { meta: plain(meta) } : {}),
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? v.toString() : v)))
}

/** The body of a refusal that is written by hand, where there is no request of Fastify's to answer. */
export function problemText(error: GatewayError, requestId: string): string {
  return JSON.stringify(problemOf(error, requestId))
}

/** The headers of a refusal. */
export function problemHeaders(error: GatewayError): [string, string][] {
  const headers: [string, string][] = [
    ['cache-control', 'no-store'],
    ['content-type', 'application/problem+json'],
  ]
  const retry = error.meta.retry_after_s ?? retryAfter(error.code)
  if (retry !== undefined) headers.push(['retry-after', String(retry)])
  if (typeof error.meta.refund === 'string') headers.push([REFUND_HEADER, error.meta.refund])
  if (error.status === 401) headers.push(['www-authenticate', 'Bearer realm="switchyard"'])
  if (error.status === 403 && WANTS_AGENT.has(error.code)) headers.push(['accept-signature', ACCEPT_SIGNATURE])
  return headers
}

export function sendProblem(reply: FastifyReply, error: GatewayError): FastifyReply {
  for (const [name, value] of problemHeaders(error)) reply.header(name, value)
  return reply.code(error.status).send(problemOf(error, reply.request.id))
}

/** What Fastify itself refuses, in our words; undefined for what nobody expected. */
function refusalOf(error: FastifyError, { body }: Pick<FastifyRequest, 'body'>): GatewayError | undefined {
  if (isGatewayError(error)) return error
  if (error.validationContext === 'body' && (body === undefined || body === null)) {
    return new GatewayError('invalid_request', 'The request has no body', {
      hint: 'Send a JSON object with Content-Type: application/json; `{}` where you name nothing.',
    })
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map((v) => ({
      path: v.instancePath.slice(1).replaceAll('/', '.'),
      message: v.message ?? 'is not valid',
    }))
    const first = errors[0]
    return new GatewayError('invalid_request', `${first?.path || 'the request'}: ${first?.message ?? 'is not valid'}`, { meta: { errors } })
  }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new GatewayError('body_too_large', 'The body is larger than this route reads')
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new GatewayError('unsupported_media_type', 'The body is not JSON')
  if (error.code === 'FST_ERR_BAD_URL' || error.code === 'FST_ERR_MAX_PARAM_LENGTH') {
    return new GatewayError('invalid_request', 'The path cannot be read', {
      hint: 'Send a path in percent-encoded UTF-8, with ids as they were given.',
    })
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new GatewayError('invalid_request', 'The request cannot be read', {
      hint: 'Send valid JSON with Content-Type: application/json.',
    })
  }
  return undefined
}

/** Answers that make every refusal of a server an RFC 9457 problem. What nobody expected is logged whole and answered without its content. */
export function problemAnswers(o: { errorLog: (line: string) => void }) {
  return {
    onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
      const refusal = refusalOf(error, request)
      if (!refusal) o.errorLog(`${request.id} ${request.method} ${request.url.split('?')[0]}: ${error.stack ?? String(error)}`)
      sendProblem(reply, refusal ?? new GatewayError('internal_error', 'Something unexpected happened here'))
    },
    onNotFound(request: FastifyRequest, reply: FastifyReply): void {
      sendProblem(reply, new GatewayError('not_found', `There is no ${request.method} ${request.url.split('?')[0]!.slice(0, 200)}`))
    },
    /** What is not even HTTP: there is no request to answer, so the answer is written by hand. */
    onBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
      if (error.code === 'ECONNRESET' || socket.destroyed) return
      const what = error.code === 'HPE_HEADER_OVERFLOW' ? 'The headers are larger than 32 kB' : 'The request is not HTTP/1.1'
      const body = problemText(new GatewayError('invalid_request', what, { hint: 'Send a smaller or a well-formed request.' }), 'none')
      const head = `content-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`
      if (socket.writable) socket.write(`HTTP/1.1 400 Bad Request\r\n${head}\r\n\r\n${body}`)
      socket.destroySoon()
    },
  }
}
