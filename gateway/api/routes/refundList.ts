import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { Faces } from '../http/faces.ts'
import { intentId, REFUND_STATUSES, receiptId } from '../http/refundWire.ts'
import { answerList } from '../lists/answerList.ts'
import { amounts, asked, byMetadata, listQuery } from '../lists/listQuery.ts'
import { isToldAll, refundViewFor } from './refundViews.ts'

/** `payment` and `payment_intent` are references, by the names that a refund's payment has. */
const refundsQuery = listQuery({
  payment: receiptId.optional(),
  payment_intent: intentId.optional(),
  status: asked.status(REFUND_STATUSES),
  rail: asked.rail,
  ...amounts,
  ...byMetadata,
})

/** The list of refunds: of what was paid to a party, and of what it has given back. */
export function refundListRoutes(faces: Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'refunds'>): FastifyPluginAsyncZod {
  const { given } = faces.refunds
  const listed = { querystring: refundsQuery, tags: ['refunds'], summary: 'Refunds that were given, newest first' }
  return async (app) => {
    app.get('/v1/refunds', { schema: listed }, async (request, reply) => {
      const caller = faces.callers.authenticate(request)
      const { payment, payment_intent: intent, reference, ...query } = request.query
      const named = [payment, intent, reference].filter((name) => name !== undefined)
      if (named.length > 1)
        throw new GatewayError('invalid_request', 'payment, payment_intent and reference are one filter', { hint: 'Name one of them.' })
      const show = (id: string) => {
        const refund = given.get(id)
        // What is noted of another's refund is not to be guessed by asking for it.
        return query.metadata_key !== undefined && !isToldAll(refund, caller) ? undefined : refundViewFor(refund, caller)
      }
      return answerList(faces, { caller, list: 'refunds', query: { ...query, reference: named[0] }, reply, show })
    })
  }
}
