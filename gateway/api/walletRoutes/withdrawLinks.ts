import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { parseAmount } from '../../money/money.ts'
import type { PartyId } from '../../ports/ids.ts'
import { encodeLnurl, schemeLnurl } from '../../wallets/lnurl/lnurlText.ts'
import type { WithdrawLink } from '../../wallets/wallet/withdrawLink.ts'
import type { WithdrawLinks } from '../../wallets/wallet/withdrawLinks.ts'
import { withApproval } from '../http/approving.ts'
import { assetNamed } from '../http/assetNamed.ts'
import { findOfParty, mayAlso, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { moneyView } from '../http/views.ts'
import { byId } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { amounts, byMetadata, listQuery } from '../lists/listQuery.ts'
import { baseUrl } from './lnurlAnswer.ts'
import { createWithdrawLink } from './lnurlWire.ts'

const linksQuery = listQuery({ ...amounts, ...byMetadata })

/** Withdrawal links: whoever has one withdraws from a party's balance to an invoice of his own, within its budget. */
export function withdrawLinkRoutes({
  approvals,
  audit,
  callers,
  ground,
  ledger,
  parties,
  wallets,
}: Pick<Faces, 'approvals' | 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'wallets'>): FastifyPluginAsyncZod {
  const links = wallets.wallet.withdrawLinks

  return async (app) => {
    app.post(
      '/v1/withdraw_links',
      {
        schema: {
          body: createWithdrawLink,
          tags: ['withdrawal links'],
          summary: 'A link that lets its holder withdraw; the link is a secret',
        },
      },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const { body } = request
        requireParty(caller, body.party)
        const party: PartyId = parties.parties.get(body.party).id
        const asset = assetNamed(ground.assets, body.amount.asset)
        const budget = parseAmount(body.amount.amount, asset)
        if (budget.units === 0n) throw new GatewayError('invalid_amount', 'The amount is zero')
        const { uses, description, metadata, expires_in_s: lifeS } = body
        const wanted = { party, budget, uses, description, metadata, expiresAt: ground.clock.now() + lifeS * 1_000 }
        return callers.idempotent(request, reply, caller, (plain) =>
          withApproval(approvals, { request, caller, record: plain }, { whose: party, amount: budget }, async (record) => {
            await links.create({ ...wanted, along: (made) => record(201, linkView(links, made)) })
          }),
        )
      },
    )
    const listed = { querystring: linksQuery, tags: ['withdrawal links'], summary: 'Newest first, without their secrets' }
    app.get('/v1/withdraw_links', { schema: listed }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const show = (id: string) => linkView(links, links.get(id))
      return answerList({ audit, ground, ledger }, { caller, list: 'withdraw_links', query: request.query, reply, show })
    })
    app.get(
      '/v1/withdraw_links/:id',
      { schema: { params: byId, tags: ['withdrawal links'], summary: 'A link, with its secret to who may make one' } },
      async (request) => {
        const caller = callers.authenticate(request)
        const link = findOfParty(caller, () => links.get(request.params.id))
        if (!mayAlso(caller, { resource: 'withdraw_links', verb: 'write' })) return { ...linkView(links, link), lnurl: null, lnurlw: null }
        const url = new URL(`/lnurl/withdraw/${link.id}`, baseUrl(callers, request))
        url.searchParams.set('k1', links.k1Of(link.id))
        return { ...linkView(links, link), lnurl: encodeLnurl(url), lnurlw: schemeLnurl(url, 'withdraw') }
      },
    )
    app.post(
      '/v1/withdraw_links/:id/cancel',
      { schema: { params: byId, tags: ['withdrawal links'], summary: 'End a link; what was begun goes on' } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const link = findOfParty(caller, () => links.get(request.params.id))
        return callers.idempotent(request, reply, caller, async (record) => {
          await links.cancel(link.id, record(200, { ...linkView(links, link), status: 'canceled' }))
        })
      },
    )
  }
}

/** A link as its party sees it; its secret is not in it. */
function linkView(links: Pick<WithdrawLinks, 'statusOf' | 'left'>, link: WithdrawLink) {
  const { id, party, budget, uses, description, metadata = {}, createdAt, expiresAt } = link
  return {
    id,
    object: 'withdraw_link',
    party,
    status: links.statusOf(link),
    amount: moneyView(budget),
    left: moneyView(links.left(link)),
    uses,
    description,
    metadata,
    created_at: new Date(createdAt).toISOString(),
    expires_at: new Date(expiresAt).toISOString(),
  }
}
