import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { whoseOf } from '../../approvals/limits.ts'
import type { Decision } from '../../disputes/decide.ts'
import { isAlone } from '../../disputes/dispute.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { withApproval } from '../http/approving.ts'
import { type Caller, callerId, requireAlso, requireOperator } from '../http/authenticate.ts'
import { DISPUTE_STATUSES, decideDisputeBody, evidenceBody, openDisputeBody } from '../http/disputeWire.ts'
import type { Faces } from '../http/faces.ts'
import { PAYS_OUT } from '../http/needs.ts'
import { intentId, receiptId } from '../http/refundWire.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { byId, toDestination } from '../http/wire.ts'
import { answerList } from '../lists/answerList.ts'
import { amounts, asked, byMetadata, listQuery } from '../lists/listQuery.ts'
import { disputeViewFor, isToldAllOf } from './disputeViews.ts'

type Needs = Pick<Faces, 'approvals' | 'audit' | 'callers' | 'disputes' | 'ground' | 'ledger'>

const tags = ['disputes']
/** `payment` and `payment_intent` are references, by the names that a dispute's payment has. */
const disputesQuery = listQuery({
  payment: receiptId.optional(),
  payment_intent: intentId.optional(),
  status: asked.status(DISPUTE_STATUSES),
  rail: asked.rail,
  ...amounts,
  ...byMetadata,
})

/** What payers contest: opened and decided by an operator, seen and answered by its payees. */
export function disputeRoutes(faces: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    addOpening(app, faces)
    addReading(app, faces)
    addEvidence(app, faces)
    addEnds(app, faces)
  }
}

function addOpening(app: RouteApp, { callers, disputes }: Needs): void {
  const summary = 'Open a dispute of what was paid: what it would cost its payees is in reserve until it is decided'
  app.post('/v1/disputes', { schema: { body: openDisputeBody, tags, summary } }, async (request, reply) => {
    const caller: Caller = callers.authenticate(request)
    requireOperator(caller)
    const { payment, payment_intent: intent, amount, reason, note, evidence_due_in_s: dueS, metadata } = request.body
    const paid = await disputes.payment(payment ?? intent ?? '')
    return callers.idempotent(request, reply, caller, async (record) => {
      await disputes.open({
        of: paid.receipt.id,
        amount,
        evidenceMs: dueS * 1_000,
        reason,
        note,
        metadata,
        by: callerId(caller),
        along: (made) => record(201, disputeViewFor(made, caller)),
      })
    })
  })
}

function addReading(app: RouteApp, faces: Needs): void {
  const { callers, disputes } = faces
  const listed = { querystring: disputesQuery, tags, summary: 'Disputes, newest first; a party sees those of what it was paid' }
  app.get('/v1/disputes', { schema: listed }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { payment, payment_intent: intent, reference, ...query } = request.query
    const named = [payment, intent, reference].filter((name) => name !== undefined)
    if (named.length > 1)
      throw new GatewayError('invalid_request', 'payment, payment_intent and reference are one filter', { hint: 'Name one of them.' })
    const show = (id: string) => {
      const dispute = disputes.get(id)
      // What is noted of it is not to be guessed by asking for it.
      return query.metadata_key !== undefined && !isToldAllOf(dispute, caller) ? undefined : disputeViewFor(dispute, caller)
    }
    return answerList(faces, { caller, list: 'disputes', query: { ...query, reference: named[0] }, reply, show })
  })
  app.get('/v1/disputes/:id', { schema: { params: byId, tags, summary: 'One dispute, with its evidence' } }, async (request) => {
    const caller = callers.authenticate(request)
    return disputeViewFor(disputes.own(request.params.id, askerOf(caller)), caller)
  })
}

function addEvidence(app: RouteApp, { callers, disputes }: Needs): void {
  const schema = { params: byId, body: evidenceBody, tags, summary: 'Show evidence against a dispute' }
  app.post('/v1/disputes/:id/evidence', { schema }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { id } = disputes.own(request.params.id, askerOf(caller))
    const { text, references } = request.body
    return callers.idempotent(request, reply, caller, (record) =>
      disputes.submit(id, { text, references, by: callerId(caller), along: (after) => record(200, disputeViewFor(after, caller)) }),
    )
  })
}

function addEnds(app: RouteApp, faces: Needs): void {
  const { approvals, callers, disputes } = faces
  const accepting = { params: byId, tags, summary: 'Give a dispute up: it is lost, and goes back to its payer' }
  app.post('/v1/disputes/:id/accept', { schema: accepting }, async (request, reply) => {
    const caller = callers.authenticate(request)
    if (caller.kind !== 'party')
      throw new GatewayError('forbidden', 'A payee gives a dispute up, and nobody in its place', {
        hint: 'Decide it once it was heard: POST /v1/disputes/:id/decide.',
      })
    const dispute = disputes.own(request.params.id, caller.party.id)
    if (!isAlone(dispute, caller.party.id))
      throw new GatewayError('forbidden', 'Others have a part in what this dispute holds, so an operator decides it')
    return callers.idempotent(request, reply, caller, async (record) => {
      const matter = { whose: caller.party.id, amount: dispute.amount }
      await withApproval(approvals, { request, caller, record }, matter, async (recorded) => {
        const decision: Decision = {
          outcome: 'lost',
          cause: 'accepted',
          by: callerId(caller),
          along: (after) => recorded(200, disputeViewFor(after, caller)),
        }
        await disputes.decide(dispute.id, decision)
      })
    })
  })
  const deciding = { params: byId, body: decideDisputeBody, tags, summary: 'Decide a dispute, once' }
  app.post('/v1/disputes/:id/decide', { schema: deciding }, async (request, reply) => {
    const caller: Caller = callers.authenticate(request)
    requireOperator(caller)
    const dispute = disputes.own(request.params.id, undefined)
    const { outcome, to } = request.body
    if (to !== undefined) requireAlso(caller, PAYS_OUT)
    return callers.idempotent(request, reply, caller, async (record) => {
      const work = async (recorded: typeof record) => {
        await disputes.decide(dispute.id, {
          outcome,
          cause: 'decided',
          to: to === undefined || to === 'link' ? to : toDestination(to),
          by: callerId(caller),
          along: (after) => recorded(200, disputeViewFor(after, caller)),
        })
      }
      // What is won leaves nobody's balance.
      if (outcome === 'won') return work(record)
      await withApproval(approvals, { request, caller, record }, { whose: whoseOf(dispute.data.payee), amount: dispute.amount }, work)
    })
  })
}

function askerOf(caller: Caller): string | undefined {
  return caller.kind === 'party' ? caller.party.id : undefined
}
