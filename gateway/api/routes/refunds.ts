import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { ceilDiv, min } from '../../money/integers.ts'
import { isFree, refundStatus } from '../../refunds/givenRefund.ts'
import { fetchableMsat, leastOf, type Refund } from '../../refunds/refund.ts'
import { encodeLnurl } from '../../wallets/lnurl/lnurlText.ts'
import { toMsatNumber } from '../../wallets/wallet/appWire.ts'
import { bearerOf, callerId, mayAlso } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { PAYS_OUT } from '../http/needs.ts'
import { claimBody } from '../http/refundWire.ts'
import { moneyView } from '../http/views.ts'
import { byId, toDestination } from '../http/wire.ts'
import { wantsPage } from '../page402/wantsPage.ts'
import { baseUrl, lnurlAnswer, readQuery } from '../walletRoutes/lnurlAnswer.ts'
import { withdrawCallbackQuery } from '../walletRoutes/lnurlWire.ts'
import { isToldAll, refundViewFor } from './refundViews.ts'

/** It may begin a payment. */
const PAYS = 5
/** The id of a refund; a link is longer, by its secret. */
const OBJECT_ID = /^rf_[0-9a-f]{32}$/
/** A satoshi, in msat: wallets ask for nothing finer. */
const SATOSHI = 1_000n

type Needs = Readonly<{ callers: Pick<Faces['callers'], 'publicUrl' | 'authenticate'>; refunds: Faces['refunds'] }>

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
      { schema: schema('A refund by its id, with a key; or what is due by a link, and an LNURL-withdraw where an invoice fetches it') },
      async (request, reply) => {
        // Without a key an id is no link of ours, as any other text.
        if (OBJECT_ID.test(request.params.id) && bearerOf(request) !== undefined) return ownRefund(request, { callers, refunds })
        const refund = await refunds.find(request.params.id)
        // A person who opens the link sees a page; wallets and programs read what it says.
        if (wantsPage(request)) return reply.redirect(`/claim/${refund.id}`, 303)
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
        const { id } = request.params
        await refunds.sendBack(id)
        return reply.code(202).send(refundView(await refunds.find(id)))
      },
    )
    app.post(
      '/v1/refunds/:id/claim',
      {
        config: { weight: PAYS },
        schema: { body: claimBody, params: byId, tags: ['refunds'], summary: 'Say by its link where a refund goes' },
      },
      async (request, reply) => {
        const { id } = request.params
        await refunds.claim(id, toDestination(request.body.destination))
        return reply.code(202).send(refundView(await refunds.find(id)))
      },
    )
  }
}

/** The refund itself, and how its link stands. The link, which whoever has it is paid by, is for its giver while it waits, by a key that may pay out. */
async function ownRefund(request: FastifyRequest, { callers, refunds }: Needs) {
  const { given, payoutOf, find } = refunds
  const caller = callers.authenticate(request)
  const refund = given.own((request.params as { id: string }).id, caller.kind === 'party' ? caller.party.id : undefined) // As its schema says.
  const link = given.linkOf(refund)
  const { state, to, last_try: lastTry } = refundView(await find(link))
  const where = isToldAll(refund, caller) ? { to, last_try: lastTry } : { to: null, last_try: null }
  const isGiver = caller.kind === 'operator' || refund.data.by === callerId(caller)
  const isTold = isFree(refund) && isGiver && mayAlso(caller, { resource: 'refunds', verb: 'write' }) && mayAlso(caller, PAYS_OUT)
  const claim = isTold ? new URL(`/v1/refunds/${link}`, baseUrl(callers, request)).href : null
  const page = claim?.replace('/v1/refunds/', '/claim/') ?? null
  return { ...refundViewFor(refund, caller, payoutOf), state, ...where, claim_url: claim, claim_page: page }
}

function linkOf({ id }: Refund, base: URL): URL {
  return new URL(`/v1/refunds/${id}`, base)
}

/** What its payer knows or is owed. Why a try failed is told by its kind: the words are the operator's. */
function refundView({ receipt, rail, state, owed, from, tries, given }: Refund) {
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
    ...(given ? { given: { id: given.id, status: refundStatus(given), expires_at: new Date(given.expiresAt).toISOString() } } : {}),
  }
}

/** What a wallet reads of the same answer (LUD-03); where nothing can be fetched, why. */
function walletView(refund: Refund, url: URL) {
  if (refund.rail !== 'lightning') return {}
  const most = refund.given ? refund.invoiceMsat : fetchableMsat(refund)
  if (most === undefined) return { status: 'ERROR', reason: `There is nothing to withdraw: ${refund.state}` }
  return {
    lnurl: encodeLnurl(url),
    tag: 'withdrawRequest',
    callback: `${url}/invoice`,
    k1: refund.k1,
    defaultDescription: `Refund of ${refund.receipt}`,
    minWithdrawable: toMsatNumber(refund.given ? most : leastInvoice(most)),
    maxWithdrawable: toMsatNumber(most),
  }
}

/** In whole satoshis, unless there is less than one. */
function leastInvoice(most: bigint): bigint {
  return min(ceilDiv(leastOf(most), SATOSHI) * SATOSHI, most)
}
