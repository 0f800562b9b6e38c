import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import { requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import { shownNow } from '../http/shownNow.ts'
import { byId } from '../http/wire.ts'
import { accountView, changeView, entryView, lagView, ledgerTime, traceView } from './ledgerViews.ts'
import { balancesQuery, historyQuery, metadataQuery } from './ledgerWire.ts'

const SEARCH_MAX = 100

/** What the operator reads of the books: accounts now and at any past time, entries, payments, and how far all this is behind. */
export function ledgerRoutes({ audit, callers, ledger }: Pick<Faces, 'audit' | 'callers' | 'ledger'>): FastifyPluginAsyncZod {
  const { reads } = audit.projector
  const shown = () => shownNow({ audit, ledger })
  const missing = (what: string, id: string) => new GatewayError('not_found', `There is no ${what} ${id.slice(0, 200)}`)

  return async (app) => {
    app.get('/v1/ledger/lag', { schema: { tags: ['ledger'], summary: 'How far reads are behind the journal' } }, async (request) => {
      requireOperator(callers.authenticate(request))
      return lagView(audit.projector.lag())
    })
    app.get(
      '/v1/ledger/balances',
      { schema: { querystring: balancesQuery, tags: ['ledger'], summary: 'Accounts under a path, now or at a past time' } },
      async (request) => {
        requireOperator(callers.authenticate(request))
        const { prefix, at, limit } = request.query
        await shown()
        const data = reads.balances(prefix, { limit, ...(at === undefined ? {} : { at }) }).map(accountView)
        return { data, as_of: ledgerTime(at ?? reads.cursor().at) }
      },
    )
    app.get(
      '/v1/ledger/history',
      { schema: { querystring: historyQuery, tags: ['ledger'], summary: 'The changes of an account, newest first' } },
      async (request) => {
        requireOperator(callers.authenticate(request))
        const { path, asset, before, limit } = request.query
        await shown()
        const account = reads
          .balances(path, { limit: 1000 })
          .find((a) => a.path === path && (a.asset.id === asset || a.asset.code === asset))
        if (!account) throw missing('account', `${path} in ${asset}`)
        const changes = reads.history(account.n, { limit, ...(before === undefined ? {} : { before }) })
        return { account: accountView(account), data: changes.map(changeView) }
      },
    )
    app.get(
      '/v1/ledger/entries/:id',
      { schema: { params: byId, tags: ['ledger'], summary: 'An entry with its legs' } },
      async (request) => {
        requireOperator(callers.authenticate(request))
        await shown()
        const entry = reads.entry(request.params.id)
        if (!entry) throw missing('entry', request.params.id)
        return { ...entryView(entry), changes: entry.changes.map(changeView) }
      },
    )
    app.get(
      '/v1/ledger/payments/:id',
      { schema: { params: byId, tags: ['ledger'], summary: 'A payment with its facts and entries' } },
      async (request) => {
        requireOperator(callers.authenticate(request))
        await shown()
        const trace = traceView(reads, request.params.id)
        if (!trace) throw missing('payment', request.params.id)
        return trace
      },
    )
    app.get(
      '/v1/ledger/payments',
      { schema: { querystring: metadataQuery, tags: ['ledger'], summary: 'Payments by a value of their metadata, newest first' } },
      async (request) => {
        requireOperator(callers.authenticate(request))
        await shown()
        return { data: reads.paymentsWith(request.query.key, request.query.value, SEARCH_MAX) }
      },
    )
  }
}
