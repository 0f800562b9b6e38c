import { readFileSync } from 'node:fs'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { viewOfferDecision } from '../../payins/intent/offerDecisionView.ts'
import type { DecisionView } from '../../payouts/deciding/decisionView.ts'
import type { PartyId } from '../../ports/ids.ts'
import type { RailState } from '../../ports/railState.ts'
import { bearerOf, findOwn, requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { decisionView, offerDecisionView } from '../http/views.ts'
import { accountsPage, byId } from '../http/wire.ts'
import { isSeller } from './intents.ts'
import { addRates } from './rates.ts'

type Needs = Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'operations' | 'parties' | 'payins' | 'payouts' | 'rates'>

/** What an operator and an auditor ask: what stands in each account, what was signed. */
export function operationRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addTrialBalance(app, faces)
    addRails(app, faces)
    addRates(app, faces)
    addProofs(app, faces)
    addUndescribed(app, faces)
  }
}

function addTrialBalance(app: RouteApp, { callers, ledger }: Pick<Faces, 'callers' | 'ledger'>): void {
  const summary = 'The trial balance: every account, in the order in which they were first booked on'
  app.get('/v1/balances', { schema: { querystring: accountsPage, tags: ['operations'], summary } }, async (request) => {
    requireOperator(callers.authenticate(request))
    const { limit, after } = request.query
    const end = Number.parseInt(after, 10) + limit
    const found = ledger.books.accountsFrom(end - limit, limit + 1)
    const data = found.slice(0, limit).map((b) => ({
      account: b.path,
      asset: b.asset.code,
      asset_id: b.asset.id,
      debits: b.debitsPosted.toString(),
      credits: b.creditsPosted.toString(),
      debits_pending: b.debitsPending.toString(),
      credits_pending: b.creditsPending.toString(),
    }))
    const more = found.length > limit
    return { data, has_more: more, ...(more ? { next: String(end) } : {}), head: ledger.books.head() }
  })
}

function addRails(app: RouteApp, { ground, payins }: Pick<Faces, 'ground' | 'payins'>): void {
  app.get('/v1/rails', { schema: { tags: ['operations'], summary: 'The rails and assets in use' } }, async () => ({
    rails: [...payins.receivers.map((r) => ({ rail: r.rail, asset: r.asset.id })), { rail: 'book', asset: ground.bookAsset.id }],
    assets: ground.assets,
  }))
}

/** What can be shown to who it concerns: receipts and decisions. */
function addProofs(
  app: RouteApp,
  { audit, callers, parties, payins, payouts }: Pick<Faces, 'audit' | 'callers' | 'parties' | 'payins' | 'payouts'>,
): void {
  app.get(
    '/v1/receipts/:id',
    { schema: { params: byId, tags: ['operations'], summary: 'A signed receipt; whoever knows its id may read it' } },
    async (request) => {
      const receipt = await audit.receiptOf(request.params.id)
      if (!receipt) throw new GatewayError('not_found', `There is no receipt ${request.params.id.slice(0, 60)}`)
      return receipt
    },
  )
  app.get(
    '/v1/decisions/:id',
    {
      schema: {
        params: byId,
        tags: ['payouts'],
        summary: 'Why a payout took the rail it took, or an intent offers its rails in this order',
      },
    },
    async (request) => {
      const caller = callers.authenticate(request)
      const offered = payins.intents.ofDecision(request.params.id)
      if (offered) {
        const intent = findOwn(
          caller,
          () => offered,
          (of) => isSeller(parties, caller, of),
        )
        return offerDecisionView(viewOfferDecision(intent)!) // It was found by its decision.
      }
      const isOf = ({ payoutId }: DecisionView, party: PartyId) => {
        const { source } = payouts.payouts.get(payoutId)
        return source === accounts.party(party) || payouts.batches.partyOf(source) === party
      }
      return decisionView(findOwn(caller, () => payouts.payouts.decision(request.params.id), isOf))
    },
  )
}

/** What stands outside the API's description: the key of receipts, the page of errors, a sign of life. */
function addUndescribed(
  app: RouteApp,
  { audit, callers, ledger, operations }: Pick<Faces, 'audit' | 'callers' | 'ledger' | 'operations'>,
): void {
  const errorsDoc = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  app.get('/.well-known/switchyard/receipt-key.pem', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/x-pem-file').send(audit.receipts.publicKeyPem),
  )
  app.get('/errors', { schema: { hide: true } }, async (_request, reply) => reply.type('text/markdown; charset=utf-8').send(errorsDoc))
  app.get('/readyz', { schema: { hide: true } }, async (request) => {
    const rails = operations.rails()
    // Addresses of ours may stand in the details.
    const isOperator = bearerOf(request) !== undefined && callers.authenticate(request).kind === 'operator'
    return { status: rails.every(({ open }) => open) ? 'ready' : 'degraded', rails: rails.map((state) => railView(state, isOperator)) }
  })
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ready', journal: ledger.books.head().seq }))
}

function railView({ rail, open, since, reason, detail }: RailState, isOperator: boolean) {
  const why = open ? {} : { reason, ...(isOperator ? { detail } : {}) }
  return { rail, state: open ? 'open' : 'closed', since: new Date(since).toISOString(), ...why }
}
