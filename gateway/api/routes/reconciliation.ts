import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { GatewayError } from '../../errors/gatewayError.ts'
import type { AlongBreak } from '../../reconciliation/resolve.ts'
import { requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { byId } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { breakView, readView } from './reconciliationView.ts'
import { assignRequest, breaksQuery, proofDay, resolveRequest } from './reconciliationWire.ts'
import { groundsOf } from './suspense.ts'

type Needs = Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'reconciliation'>

const tags = ['reconciliation']

/** Where rails and the ledger differ, and what an operator does about it. */
export function reconciliationRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addReading(app, faces)
    addProofs(app, faces)
    addRun(app, faces)
    addAssigning(app, faces)
    addResolving(app, faces)
  }
}

function addReading(app: RouteApp, faces: Needs): void {
  const { callers, ground, reconciliation } = faces
  const listed = {
    querystring: breaksQuery,
    tags,
    summary: 'Breaks: what a rail shows and the ledger does not, or otherwise; newest first',
  }
  app.get('/v1/reconciliation', { schema: listed }, async (request, reply) => {
    const caller = callers.authenticate(request)
    requireOperator(caller)
    const { kind, statement, reference, ...query } = request.query
    const named = [kind, statement, reference].filter((name) => name !== undefined)
    if (named.length > 1)
      throw new GatewayError('invalid_request', 'kind, statement and reference are one filter', { hint: 'Name one of them.' })
    const show = (id: string) => breakView(reconciliation.get(id), ground.clock.now())
    return answerList(faces, { caller, list: 'reconciliation', query: { ...query, reference: named[0] }, reply, show })
  })
  app.get('/v1/reconciliation/:id', { schema: { params: byId, tags, summary: 'One break, with what would end it' } }, async (request) => {
    requireOperator(callers.authenticate(request))
    return breakView(reconciliation.get(request.params.id), ground.clock.now())
  })
}

function addProofs(app: RouteApp, { callers, reconciliation }: Needs): void {
  const schema = { params: proofDay, tags, summary: 'What rails, the ledger and parties say at the end of a day, signed' }
  app.get('/v1/reconciliation_proofs/:day', { schema }, async (request) => {
    requireOperator(callers.authenticate(request))
    return reconciliation.proofOf(request.params.day)
  })
}

/** Running it again reads nothing twice, so it needs no key of its own. */
function addRun(app: RouteApp, { callers, reconciliation }: Needs): void {
  const summary = 'Read every statement that was not read yet and look at every other rail, now and not within the next minute'
  app.post('/v1/reconciliation/run', { schema: { tags, summary } }, async (request) => {
    requireOperator(callers.authenticate(request))
    const statements = (await reconciliation.run()).map(readView)
    const rails = (await reconciliation.lookAtRails()).map(({ rail, matched, breaks }) => ({ rail, matched, breaks }))
    return { object: 'reconciliation_run', statements, rails }
  })
}

function addAssigning(app: RouteApp, { callers, ground, reconciliation }: Needs): void {
  const schema = { params: byId, body: assignRequest, tags, summary: 'Say which operator looks after a break' }
  app.post('/v1/reconciliation/:id/assign', { schema }, async (request, reply) => {
    const caller = callers.authenticate(request)
    requireOperator(caller)
    return callers.idempotent(request, reply, caller, async (record) => {
      const along: AlongBreak = (after) => record(200, breakView(after, ground.clock.now()))
      await reconciliation.assign(request.params.id, { to: request.body.to, by: caller.name, along })
    })
  })
}

function addResolving(app: RouteApp, { callers, ground, reconciliation }: Needs): void {
  const schema = { params: byId, body: resolveRequest, tags, summary: 'End a break by an entry, or say why none is needed' }
  app.post('/v1/reconciliation/:id/resolve', { schema }, async (request, reply) => {
    const caller = callers.authenticate(request)
    requireOperator(caller)
    const { how, debit, credit } = request.body
    return callers.idempotent(request, reply, caller, async (record) => {
      const along: AlongBreak = (after) => record(after.status === 'asked' ? 202 : 200, breakView(after, ground.clock.now()))
      const resolving = { grounds: groundsOf(request.body), by: caller.name, along }
      if (how === 'accept') await reconciliation.accept(request.params.id, resolving)
      else await reconciliation.resolveByEntry(request.params.id, debit && credit ? { debit, credit } : undefined, resolving)
    })
  })
}
