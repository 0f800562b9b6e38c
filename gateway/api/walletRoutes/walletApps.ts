import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { mostOf } from '../../approvals/budgets.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { BTC } from '../../money/asset.ts'
import { money, parseAmount } from '../../money/money.ts'
import { APP_METHODS, type App } from '../../wallets/wallet/app.ts'
import { type Apps, connectionUri } from '../../wallets/wallet/apps.ts'
import { withApproval } from '../http/approving.ts'
import { findOfParty, mayAlso, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { moneyView } from '../http/views.ts'
import { byId } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { byMetadata, listQuery } from '../lists/listQuery.ts'
import { createWalletApp } from './lnurlWire.ts'

const appsQuery = listQuery(byMetadata)

/** Apps that use a party's bitcoin balance as their wallet (Nostr Wallet Connect), each within its own budget. */
export function walletAppRoutes({
  approvals,
  audit,
  callers,
  ground,
  ledger,
  parties,
  wallets,
}: Pick<Faces, 'approvals' | 'audit' | 'callers' | 'ground' | 'ledger' | 'parties' | 'wallets'>): FastifyPluginAsyncZod {
  const { apps, relays } = wallets.wallet

  return async (app) => {
    app.post(
      '/v1/wallet_apps',
      { schema: { body: createWalletApp, tags: ['wallet apps'], summary: 'Connect an app to a party’s balance, with a budget' } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const { body } = request
        requireParty(caller, body.party)
        if (relays.length === 0) throw new GatewayError('rail_unavailable', 'No relay is configured here, so no app could be reached')
        const party = parties.parties.get(body.party).id
        const budgetMsat = body.budget ? parseAmount(body.budget.amount, BTC).units : 0n
        const expiresAt = body.expires_in_s === undefined ? undefined : ground.clock.now() + body.expires_in_s * 1_000
        const { name, methods = APP_METHODS, period, metadata } = body
        const wanted = { party, name, methods, budgetMsat, period, metadata, expiresAt }
        const lifeMs = body.expires_in_s === undefined ? undefined : body.expires_in_s * 1_000
        const matter = { whose: party, amount: mostOf(money(BTC, budgetMsat), { period, lifeMs }) }
        return callers.idempotent(request, reply, caller, (plain) =>
          withApproval(approvals, { request, caller, record: plain }, matter, async (record) => {
            await apps.create({ ...wanted, along: (made) => record(201, appView(apps, made)) })
          }),
        )
      },
    )
    const listed = { querystring: appsQuery, tags: ['wallet apps'], summary: 'Newest first, all of them or the caller’s' }
    app.get('/v1/wallet_apps', { schema: listed }, async (request, reply) => {
      const caller = callers.authenticate(request)
      const show = (id: string) => appView(apps, apps.get(id))
      return answerList({ audit, ground, ledger }, { caller, list: 'wallet_apps', query: request.query, reply, show })
    })
    app.get(
      '/v1/wallet_apps/:id',
      { schema: { params: byId, tags: ['wallet apps'], summary: 'An app, with its connection, which is a secret, to who may make one' } },
      async (request) => {
        const caller = callers.authenticate(request)
        const found = findOfParty(caller, () => apps.get(request.params.id))
        const isTold = mayAlso(caller, { resource: 'wallet_apps', verb: 'write' })
        return { ...appView(apps, found), connection: isTold ? connectionUri(apps.keysOf(found.id), relays) : null }
      },
    )
    app.post(
      '/v1/wallet_apps/:id/revoke',
      { schema: { params: byId, tags: ['wallet apps'], summary: 'End a connection; what was begun goes on' } },
      async (request, reply) => {
        const caller = callers.authenticate(request)
        const found = findOfParty(caller, () => apps.get(request.params.id))
        return callers.idempotent(request, reply, caller, async (record) => {
          await apps.revoke(found.id, record(200, { ...appView(apps, found), status: 'ended' }))
        })
      },
    )
  }
}

/** An app as its party sees it; its connection is not in it. */
function appView(apps: Pick<Apps, 'isActive'>, app: App) {
  const { id, party, name, methods, budgetMsat, period, metadata = {}, createdAt, expiresAt } = app
  return {
    id,
    object: 'wallet_app',
    party,
    name,
    status: apps.isActive(app) ? 'active' : 'ended',
    methods,
    budget: moneyView(money(BTC, budgetMsat)),
    period,
    metadata,
    created_at: new Date(createdAt).toISOString(),
    expires_at: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
  }
}
