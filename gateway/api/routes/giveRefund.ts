import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { add } from '../../money/money.ts'
import type { Given } from '../../refunds/giveRefund.ts'
import { callerId } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { REFUND_HEADER } from '../http/problem.ts'
import { moneyView } from '../http/views.ts'
import { giveRefund } from '../http/wire.ts'
import { baseUrl } from '../walletRoutes/lnurlAnswer.ts'

type Needs = Readonly<{ callers: Pick<Faces['callers'], 'publicUrl' | 'authenticate' | 'idempotent'>; refunds: Faces['refunds'] }>

/** A seller gives back what a served request has paid. Its payer fetches it by the link in the header, which no journal holds. */
export function giveRefundRoutes({ callers, refunds }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/refunds',
      { schema: { body: giveRefund, tags: ['refunds'], summary: 'Give back what a served request has paid, wholly or in part' } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const { receipt, amount, reason, metadata } = request.body
        const isOwn = (payee: string) => caller.kind === 'operator' || caller.party.id === payee
        const link = await refunds.linkFor(receipt, isOwn)
        reply.header(REFUND_HEADER, new URL(`/v1/refunds/${link}`, baseUrl(callers, request)).href)
        return callers.idempotent(request, reply, caller, async (record) => {
          const along = (given: Given) => record(201, givenView(given))
          await refunds.give({ receipt, isOwn, amount, reason, metadata, by: callerId(caller), along })
          // To the account that paid it goes by itself. Where not now, the link still brings it.
          if ((await refunds.find(link)).from) await refunds.sendBack(link).catch(() => undefined)
        })
      },
    )
  }
}

function givenView({ payment: { receipt }, amount, inAll, left, reason, metadata }: Given) {
  return {
    object: 'refund',
    receipt: receipt.id,
    rail: receipt.rail,
    amount: moneyView(amount),
    paid: moneyView(add(inAll, left)),
    refunded: moneyView(inAll),
    left: moneyView(left),
    reason,
    metadata,
    payment_url: `/v1/payments/${receipt.id}`,
  }
}
