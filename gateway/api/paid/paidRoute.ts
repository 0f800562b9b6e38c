import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Money } from '../../money/money.ts'
import type { Admitted } from '../../payins/claim/admission.ts'
import type { PaidRequest } from '../../payins/claim/paidRequest.ts'
import { FAILED_STATUS_MIN } from '../../payins/claim/paidRequests.ts'
import { receiptHeaders } from '../../payins/proof/receiptHeaders.ts'
import type { VerifiedProof } from '../../payins/proof/verifiedProof.ts'
import { sendProblem } from '../http/problem.ts'
import type { PaidFaces } from './paidFaces.ts'
import { challengeFor, type PricedRoute, readPayment, routesOf } from './pricedRoute.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The price of this route in USD, and whom it is for: a split (sp_...) or a party (pa_...). */
    price?: Money
    split?: string
    payee?: string
    description?: string
  }
  interface FastifyRequest {
    paid: { request: PaidRequest; proof: VerifiedProof | undefined } | undefined
  }
}

/** Answers kept for a repeat of the same request are text of at most this many bytes; a longer or streamed answer is given once. */
const KEPT_BODY_BYTES_MAX = 65_536

/**
 * Prices the routes of `app` that carry `config.price`: without proof one 402 for every client, with proof a durable claim, then the handler once,
 * then a receipt. Give it an app of its own or register it before the routes. `publicUrl` is how payers reach the app.
 */
export function paidRoutes(app: FastifyInstance, faces: PaidFaces, o: { publicUrl: () => string }): void {
  const routes = routesOf(faces, o)
  const admission = faces.payins.openAdmission()
  app.decorateRequest('paid', undefined)

  app.addHook('preHandler', async (request, reply) => {
    const route = await routes.of(request)
    if (!route) return
    let admitted: Admitted
    try {
      const payment = await readPayment(faces, route, request)
      if (!payment) return sendChallenge(reply, route)
      admitted = await admission.admit(payment, { resource: `${route.publicUrl}${route.url}`, payee: route.payee })
    } catch (error) {
      // What is wrong with a proof is said inside a new challenge, so that a client can go on from there.
      if (error instanceof GatewayError && error.status === 402) return sendChallenge(reply, route, error)
      if (error instanceof GatewayError) return sendProblem(reply, error)
      throw error
    }
    if (admitted.kind === 'run') {
      request.paid = { request: admitted.request, proof: admitted.proof }
      return
    }
    const { answer, request: standing, proof } = admitted
    setReceipt(reply, standing, answer.status < FAILED_STATUS_MIN ? proof : undefined)
    return reply.code(answer.status).header('idempotent-replayed', 'true').type(answer.contentType).send(answer.body)
  })

  // The answer is durable before the payer sees it; only then does an authorization that is collected after the work leave its hold.
  app.addHook('onSend', async (request, reply, payload) => {
    const { paid } = request
    if (!paid) return payload
    // Bytes that are no text would come back spoiled.
    const text = typeof payload === 'string' ? payload : Buffer.isBuffer(payload) && isUtf8(payload) ? payload.toString('utf8') : undefined
    const kept = text !== undefined && Buffer.byteLength(text) <= KEPT_BODY_BYTES_MAX ? text : undefined
    const contentType = String(reply.getHeader('content-type') ?? 'text/plain; charset=utf-8')
    request.paid = undefined
    await admission.finish(paid.request, { status: reply.statusCode, contentType, body: kept })
    // A payment that has gone back is no success in the words of any protocol: only our receipt names it.
    setReceipt(reply, paid.request, reply.statusCode < FAILED_STATUS_MIN ? paid.proof : undefined)
    return payload
  })

  async function sendChallenge(reply: FastifyReply, route: PricedRoute, refusal?: GatewayError): Promise<FastifyReply> {
    const challenge = await challengeFor(faces, route, reply.request, refusal)
    reply.code(402)
    // Values of one name are sent as separate fields, in this order.
    const authenticate = challenge.headers.filter(([name]) => name === 'www-authenticate').map(([, value]) => value)
    for (const [name, value] of challenge.headers) if (name !== 'www-authenticate') reply.header(name, value)
    if (authenticate.length > 0) reply.header('www-authenticate', authenticate)
    return reply.send(JSON.stringify(challenge.body))
  }

  function setReceipt(reply: FastifyReply, request: PaidRequest, proof: VerifiedProof | undefined): void {
    for (const [name, value] of receiptHeaders({ receiptId: request.receipt, at: faces.ground.clock.now(), ...(proof ? { proof } : {}) }))
      reply.header(name, value)
  }
}
