import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { whoseOf } from '../../approvals/limits.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { RefundId } from '../../ports/ids.ts'
import { withApproval } from '../http/approving.ts'
import { type Caller, callerId, mayAlso, requireAlso } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { PAYS_OUT } from '../http/needs.ts'
import { REFUND_HEADER } from '../http/problem.ts'
import { createRefundBody } from '../http/refundWire.ts'
import { byId, toDestination } from '../http/wire.ts'
import { baseUrl } from '../walletRoutes/lnurlAnswer.ts'
import { givenRefundView } from './refundViews.ts'

type Needs = Pick<Faces, 'approvals'> &
  Readonly<{ callers: Pick<Faces['callers'], 'publicUrl' | 'authenticate' | 'idempotent'>; refunds: Faces['refunds'] }>

/**
 * A seller gives back what was paid. Its payer claims it by the link in the header, which no journal and no stored answer holds. Whoever has the link says
 * where the money goes, so it is told to a key that may pay out.
 */
export function giveRefundRoutes({ approvals, callers, refunds: { given } }: Needs): FastifyPluginAsyncZod {
  /** Requests by such a key. */
  const told = new WeakSet<FastifyRequest>()
  return async (app) => {
    app.post(
      '/v1/refunds',
      {
        schema: { body: createRefundBody, tags: ['refunds'], summary: 'Give back what was paid, wholly or in part, over any rail' },
        // Of a repeat too, whose answer is the stored one.
        async onSend(request, reply, payload) {
          if (reply.statusCode !== 201 || typeof payload !== 'string' || !told.has(request)) return payload
          const made = JSON.parse(payload) as { id: RefundId } // As the route has answered.
          reply.header(REFUND_HEADER, new URL(`/v1/refunds/${given.linkOf(made)}`, baseUrl(callers, request)).href)
          return payload
        },
      },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const { payment, receipt, payment_intent: intent, amount, to, expires_in_s: lifeS, reason, metadata } = request.body
        const of = payment ?? receipt ?? intent ?? ''
        const asker = askerOf(caller)
        if (to !== undefined) requireAlso(caller, PAYS_OUT)
        if (mayAlso(caller, PAYS_OUT)) told.add(request)
        // Before anything is stored, so that a stranger's key names no payment of another.
        const paid = await given.payment(of, asker)
        return callers.idempotent(request, reply, caller, async (record) => {
          const weighed = given.wanted(paid, { amount, asker })
          const matter = { whose: whoseOf(asker ?? paid.receipt.payee), amount: weighed }
          await withApproval(approvals, { request, caller, record }, matter, async (recorded) => {
            await given.create({
              of: paid.receipt.id,
              asker,
              amount,
              most: weighed,
              to: to === undefined || to === 'link' ? to : toDestination(to),
              lifeMs: lifeS * 1_000,
              reason,
              metadata,
              by: callerId(caller),
              along: (made) => recorded(201, givenRefundView(made)),
            })
          })
        })
      },
    )
    app.post(
      '/v1/refunds/:id/cancel',
      { schema: { params: byId, tags: ['refunds'], summary: 'Take a refund back that nothing was paid of' } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const refund = given.own(request.params.id, askerOf(caller))
        // A payee of the same payment sees it, and takes back no other's.
        if (caller.kind === 'party' && refund.data.by !== callerId(caller))
          throw new GatewayError('forbidden', 'Who has given a refund takes it back, or an operator')
        return callers.idempotent(request, reply, caller, (record) =>
          given.cancel(refund.id, callerId(caller), (canceled) => record(200, givenRefundView(canceled))),
        )
      },
    )
  }
}

function askerOf(caller: Caller): string | undefined {
  return caller.kind === 'party' ? caller.party.id : undefined
}
