import { z } from 'zod'
import { approval } from './people.ts'
import { answers, idempotent, idOf, money, pageOf, time } from './shapes.ts'

const payee = { party: idOf('pa').optional(), split: idOf('sp').optional() }
const metadata = z.record(z.string(), z.string())

const plan = z
  .strictObject({
    id: idOf('plan'),
    object: z.literal('plan'),
    status: z.enum(['active', 'inactive']),
    amount: money,
    interval: z.enum(['day', 'week', 'month', 'year']),
    interval_count: z.int(),
    trial_days: z.int(),
    party: payee.party,
    split: payee.split,
    seller: z.string().nullable(),
    description: z.string().nullable(),
    metadata,
    created_by: z.string(),
    created_at: time,
  })
  .meta({ id: 'Plan', description: 'What is paid each period, and to whom.' })

const period = z.strictObject({
  index: z.int().meta({ description: 'Counted from 0.' }),
  from: time,
  to: time,
  payment_intent: idOf('pi'),
  page: z.string().meta({ description: 'Where a person pays it: a path on this gateway.' }),
  paid: z.boolean(),
  tries_failed: z.int(),
})
const subscription = z
  .strictObject({
    id: idOf('sub'),
    object: z.literal('subscription'),
    status: z.enum(['needs_consent', 'trialing', 'active', 'past_due', 'paused', 'canceled']),
    plan: idOf('plan'),
    party: payee.party,
    split: payee.split,
    subscriber: idOf('pa').nullable(),
    amount: money,
    amount_max: money.nullable().meta({ description: 'What its payer lets be taken in a period.' }),
    cancel_at_period_end: z.boolean(),
    current_period: period.nullable(),
    next_at: time.nullable().meta({ description: 'When something is done next: a period begins, or a payment is tried again.' }),
    metadata,
    created_by: z.string(),
    created_at: time,
  })
  .meta({ id: 'Subscription', description: 'Somebody who pays by a plan, an intent each period.' })

export const subscriptionOperations = {
  'POST /v1/plans': idempotent('createPlan', { 201: plan }),
  'GET /v1/plans': answers('listPlans', { 200: pageOf(plan) }),
  'GET /v1/plans/:id': answers('getPlan', { 200: plan }),
  'POST /v1/plans/:id/price': idempotent('repricePlan', { 200: plan }),
  'POST /v1/plans/:id/deactivate': idempotent('deactivatePlan', { 200: plan }),
  'POST /v1/subscriptions': idempotent('createSubscription', { 201: subscription }),
  'GET /v1/subscriptions': answers('listSubscriptions', { 200: pageOf(subscription) }),
  'GET /v1/subscriptions/:id': answers('getSubscription', { 200: subscription }),
  'POST /v1/subscriptions/:id/consent': idempotent('consentToSubscription', { 200: subscription, 202: approval }),
  'POST /v1/subscriptions/:id/cancel': idempotent('cancelSubscription', { 200: subscription }),
  'POST /v1/subscriptions/:id/pause': idempotent('pauseSubscription', { 200: subscription }),
  'POST /v1/subscriptions/:id/resume': idempotent('resumeSubscription', { 200: subscription }),
}
