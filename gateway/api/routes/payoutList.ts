import { z } from 'zod'
import type { MemberView } from '../../payouts/netting/view.ts'
import { type PayoutView, viewForParty } from '../../payouts/payoutState/view.ts'
import { requireAlso, requireOperator } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { decisionView, payoutView } from '../http/views.ts'
import { answerList } from '../lists/answerList.ts'
import { amounts, asked, byMetadata, type ListQuery, listQuery } from '../lists/listQuery.ts'

const STATES = [
  'collecting',
  'scheduled',
  'processing',
  'outcome_unknown',
  'settled',
  'partly_settled',
  'failed',
  'returned',
] as const satisfies readonly (MemberView | PayoutView)['status'][]
const payoutsQuery = listQuery({
  status: asked.status(STATES),
  rail: asked.rail,
  ...amounts,
  ...byMetadata,
  expand: asked.expand(['decision']),
  stuck: z
    .literal('true')
    .optional()
    .meta({ description: 'Only those that their rail will not end, the longest open first; for operators, with limit and after alone.' }),
})

type Needs = Pick<Faces, 'audit' | 'callers' | 'ground' | 'ledger' | 'payouts'>

/** Payouts as a list, each as GET /v1/payouts/:id shows it. */
export function addPayoutList(app: RouteApp, faces: Needs): void {
  const { callers, payouts } = faces
  const listed = { querystring: payoutsQuery, tags: ['payouts'], summary: 'Newest first, or those that their rail will not end' }
  app.get('/v1/payouts', { schema: listed }, async (request, reply) => {
    const caller = callers.authenticate(request)
    const { query } = request
    if (query.expand === 'decision') requireAlso(caller, { resource: 'decisions', verb: 'read' })
    if (query.stuck) {
      requireOperator(caller)
      return stuckPage(payouts, query)
    }
    const show = (id: string) => {
      const payout = payouts.netting.find(id) ?? payouts.payouts.get(id)
      const isAlone = 'attempts' in payout
      const shown = payoutView(caller.kind === 'party' && isAlone ? viewForParty(payout) : payout)
      const decision = isAlone && query.expand === 'decision' ? payout.decisionId : undefined
      const along = decision === undefined ? {} : { decision: decisionView(payouts.payouts.decision(decision)) }
      return { ...shown, ...along }
    }
    return answerList(faces, { caller, list: 'payouts', query, reply, show })
  })
}

function stuckPage({ payouts }: Needs['payouts'], { limit, after }: Pick<ListQuery, 'limit' | 'after'>) {
  const found = payouts.stuck({ limit: limit + 1, after })
  const shown = found.slice(0, limit)
  const next = found.length > limit ? shown.at(-1)?.id : undefined
  return { data: shown.map(payoutView), has_more: next !== undefined, ...(next ? { next } : {}) }
}
