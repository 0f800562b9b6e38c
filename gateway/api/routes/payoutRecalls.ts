import { z } from 'zod'
import type { RecallView } from '../../payouts/recalls/view.ts'
import { RECALL_REASONS } from '../../ports/recaller.ts'
import { callerId, findOwn } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { RouteApp } from '../http/routeApp.ts'
import { snakeKeys } from '../http/views.ts'
import { byId } from '../http/wire.ts'

/** ISO 20022 Max105Text: what a bank carries beside the reason. */
const DETAILS_MAX = 105

const recallRequest = z.strictObject({
  reason: z.enum(RECALL_REASONS),
  details: z.string().min(1).max(DETAILS_MAX).optional(),
})

/** Whose a payout is, by its source. */
type IsOf = (payout: Readonly<{ source: string }>, party: string) => boolean

/** Asking for a payout back that has left, for who may read it. */
export function addPayoutRecalls(app: RouteApp, { callers, payouts }: Pick<Faces, 'callers' | 'payouts'>, isOf: IsOf): void {
  app.post(
    '/v1/payouts/:id/recalls',
    { schema: { params: byId, body: recallRequest, tags: ['payouts'], summary: 'Ask the bank for a payout back that has left' } },
    async (request, reply) => {
      const caller = callers.authenticate(request)
      const { id } = findOwn(caller, () => payouts.payouts.get(request.params.id), isOf)
      const { reason, details } = request.body
      return callers.idempotent(request, reply, caller, async (record) => {
        await payouts.recalls.create(id, { reason, details, by: callerId(caller), along: (made) => record(201, recallView(made)) })
      })
    },
  )
  app.get(
    '/v1/payouts/:id/recalls',
    { schema: { params: byId, tags: ['payouts'], summary: 'How often a payout was asked back, and what was answered' } },
    async (request) => {
      const caller = callers.authenticate(request)
      const { id } = findOwn(caller, () => payouts.payouts.get(request.params.id), isOf)
      return { data: payouts.recalls.of(id).map(recallView) }
    },
  )
}

function recallView(recall: RecallView) {
  return { object: 'recall', ...(snakeKeys(recall) as object) }
}
