import { z } from 'zod'
import { destination } from '../http/wire.ts'
import { answers, idempotent, idOf, metadata, money, pageOf, time } from './shapes.ts'

const lastRun = z.strictObject({ at: time, payout: idOf('po').nullable(), failed: z.string().nullable() }).meta({
  description: 'Neither: there was nothing to pay. failed: the code of the refusal. What became of the payout, GET /v1/payouts/:id says.',
})
const order = z
  .strictObject({
    id: idOf('so'),
    object: z.literal('standing_order'),
    party: idOf('pa'),
    status: z.enum(['active', 'paused', 'ended']),
    every: z.enum(['hour', 'day', 'week', 'month']),
    day: z.int().nullable(),
    hour: z.int().nullable(),
    amount: money.nullable(),
    keep: money,
    when_above: money.nullable(),
    fee_max: money,
    destination,
    reference: z.string(),
    metadata,
    created_at: time,
    next_run_at: time.nullable(),
    last_run: lastRun.nullable(),
  })
  .meta({ id: 'StandingOrder', description: 'A balance that is paid out by a calendar.' })

export const standingOrderOperations = {
  'POST /v1/standing_orders': idempotent('createStandingOrder', { 201: order }),
  'GET /v1/standing_orders': answers('listStandingOrders', { 200: pageOf(order) }),
  'GET /v1/standing_orders/:id': answers('getStandingOrder', { 200: order }),
  'POST /v1/standing_orders/:id/pause': idempotent('pauseStandingOrder', { 200: order }),
  'POST /v1/standing_orders/:id/resume': idempotent('resumeStandingOrder', { 200: order }),
  'POST /v1/standing_orders/:id/end': idempotent('endStandingOrder', { 200: order }),
}
