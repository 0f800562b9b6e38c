import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { ceilDiv, min } from '../../money/integers.ts'
import { fetchableMsat, leastOf, type Refund } from '../../refunds/refund.ts'
import { encodeLnurl } from '../../wallets/lnurl/lnurlText.ts'
import { toMsatNumber } from '../../wallets/wallet/appWire.ts'
import type { Faces } from '../http/faces.ts'
import { moneyView } from '../http/views.ts'
import { byId } from '../http/wire.ts'
import { baseUrl, lnurlAnswer, readQuery } from '../walletRoutes/lnurlAnswer.ts'
import { withdrawCallbackQuery } from '../walletRoutes/lnurlWire.ts'

/** It may begin a payment. */
const PAYS = 5
/** A satoshi, in msat: wallets ask for nothing finer. */
const SATOSHI = 1_000n

type Needs = Readonly<{ callers: Pick<Faces['callers'], 'publicUrl'>; refunds: Faces['refunds'] }>

/** What is due to a payer whose work was not delivered. Who has the link needs no key: it was told to the payer alone. */
export function refundRoutes({ callers, refunds }: Needs): FastifyPluginAsyncZod {
  const schema = (summary: string) => ({ params: byId, tags: ['refunds'], summary })

  return async (app) => {
    app.addHook('onRequest', async (_, reply) => {
      reply.header('cache-control', 'no-store')
      reply.header('access-control-allow-origin', '*')
    })
    app.get(
      '/v1/refunds/:id',
      { schema: schema('What is due by a link, and an LNURL-withdraw where an invoice fetches it') },
      async (request) => {
        const refund = await refunds.find(request.params.id)
        return { ...refundView(refund), ...walletView(refund, linkOf(refund, baseUrl(callers, request))) }
      },
    )
    app.get(
      '/v1/refunds/:id/invoice',
      // LUD-03 has wallets pay by GET; HEAD, which caches and previews send by themselves, must not.
      { exposeHeadRoute: false, config: { weight: PAYS }, schema: schema('Fetch it by an invoice of at most what is due (LUD-03)') },
      (request, reply) =>
        lnurlAnswer(reply, async () => {
          const { k1, pr } = readQuery(request, withdrawCallbackQuery)
          await refunds.fetch(request.params.id, k1, pr)
          return { status: 'OK' }
        }),
    )
    app.post(
      '/v1/refunds/:id',
      { config: { weight: PAYS }, schema: schema('Have it paid back to the account that paid; the same twice is one payment') },
      async (request, reply) => {
        await refunds.sendBack(request.params.id)
        return reply.code(202).send(refundView(await refunds.find(request.params.id)))
      },
    )
  }
}

function linkOf({ id }: Refund, base: URL): URL {
  return new URL(`/v1/refunds/${id}`, base)
}

/** What its payer knows or is owed. Why a try failed is told by its kind: the words are the operator's. */
function refundView({ receipt, rail, state, owed, from, tries }: Refund) {
  const last = tries.at(-1)
  return {
    object: 'refund',
    receipt,
    rail,
    state,
    amount: owed ? moneyView(owed.total) : null,
    left: owed ? moneyView(owed.left) : null,
    to: from?.account ?? null,
    last_try: last ? { status: last.status, reasons: last.failure?.reasons.map(({ reason }) => reason) ?? [] } : null,
    payment_url: `/v1/payments/${receipt}`,
  }
}

/** What a wallet reads of the same answer (LUD-03); where nothing can be fetched, why. */
function walletView(refund: Refund, url: URL) {
  if (refund.rail !== 'lightning') return {}
  const most = fetchableMsat(refund)
  if (most === undefined) return { status: 'ERROR', reason: `There is nothing to withdraw: ${refund.state}` }
  return {
    lnurl: encodeLnurl(url),
    tag: 'withdrawRequest',
    callback: `${url}/invoice`,
    k1: refund.k1,
    defaultDescription: `Refund of ${refund.receipt}`,
    minWithdrawable: toMsatNumber(leastInvoice(most)),
    maxWithdrawable: toMsatNumber(most),
  }
}

/** In whole satoshis, unless there is less than one. */
function leastInvoice(most: bigint): bigint {
  return min(ceilDiv(leastOf(most), SATOSHI) * SATOSHI, most)
}
