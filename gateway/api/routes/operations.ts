import { readFileSync } from 'node:fs'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { requireOperator } from '../http/authenticate.ts'
import type { Gateway } from '../http/context.ts'
import { decisionView, exchangeView, moneyView } from '../http/views.ts'
import { byId } from '../http/wire.ts'

/** What an operator and an auditor ask: does everything agree, what waits for an owner, what was signed. */
export function operationRoutes(g: Gateway): FastifyPluginAsyncZod {
  const errorsDoc = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')

  return async (app) => {
    app.get(
      '/v1/verify',
      { schema: { tags: ['operations'], summary: 'Compare the ledger with itself and with every rail' } },
      async (request) => {
        requireOperator(g.authenticate(request))
        return g.verify()
      },
    )
    app.get('/v1/suspense', { schema: { tags: ['operations'], summary: 'Money that arrived and has no owner yet' } }, async (request) => {
      requireOperator(g.authenticate(request))
      const data = g.settlements.unmatched().map((u) => ({
        id: u.id,
        rail: u.rail,
        amount: moneyView(u.amount),
        reference: u.reference,
        payer: u.payer,
        note: u.note,
        at: new Date(u.at).toISOString(),
      }))
      const lost = g.collections
        .failures()
        .map((f) => ({ receipt: f.receipt, payer: f.payer, reason: f.reason, units: f.units.toString() }))
      return {
        data,
        exceptions: [...g.settlements.exceptions(), ...g.requestRecords.exceptions()],
        not_collected: lost,
        exchanges: g.exchanges.exceptions().map(exchangeView),
        problems: g.problems(),
      }
    })
    app.get('/v1/balances', { schema: { tags: ['operations'], summary: 'The trial balance: every account' } }, async (request) => {
      requireOperator(g.authenticate(request))
      const data = g.books.accounts('').map((b) => ({
        ...{
          account: b.path,
          asset: b.asset.code,
          asset_id: b.asset.id,
          debits: b.debitsPosted.toString(),
          credits: b.creditsPosted.toString(),
        },
        ...{ debits_pending: b.debitsPending.toString(), credits_pending: b.creditsPending.toString() },
      }))
      return { data, head: g.books.head() }
    })
    app.get('/v1/rails', { schema: { tags: ['operations'], summary: 'The rails and assets in use' } }, async () => ({
      rails: [...g.receivers.map((r) => ({ rail: r.rail, asset: r.asset.id })), { rail: 'book', asset: g.bookAsset.id }],
      assets: g.assets,
    }))
    app.get(
      '/v1/receipts/:id',
      { schema: { params: byId, tags: ['operations'], summary: 'A signed receipt; whoever knows its id may read it' } },
      async (request) => {
        const receipt = await g.receiptOf(request.params.id)
        if (!receipt) throw new GatewayError('not_found', `There is no receipt ${request.params.id.slice(0, 60)}`)
        return receipt
      },
    )
    app.get(
      '/v1/decisions/:id',
      { schema: { params: byId, tags: ['payouts'], summary: 'Why a payout took the rail it took' } },
      async (request) => {
        const caller = g.authenticate(request)
        const decision = g.payouts.decision(request.params.id)
        if (caller.kind === 'party' && g.payouts.get(decision.payoutId).source !== accounts.party(caller.party.id))
          throw new GatewayError('forbidden', 'This belongs to another party')
        return decisionView(decision)
      },
    )
    app.get('/.well-known/switchyard/receipt-key.pem', { schema: { hide: true } }, async (_request, reply) =>
      reply.type('application/x-pem-file').send(g.receipts.publicKeyPem),
    )
    app.get('/errors', { schema: { hide: true } }, async (_request, reply) => reply.type('text/markdown; charset=utf-8').send(errorsDoc))
    app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ready', journal: g.books.head().seq }))
  }
}
