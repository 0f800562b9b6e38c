import { z } from 'zod'
import { answers, idempotent, idOf, pageOf, time } from './shapes.ts'

const fields = {
  id: idOf('we'),
  object: z.literal('webhook_endpoint'),
  url: z.string(),
  types: z.array(z.string()).nullable().meta({ description: 'null: all.' }),
  description: z.string().nullable(),
  status: z.enum(['enabled', 'disabled']),
  disabled_because: z
    .enum(['asked', 'failing', 'gone'])
    .nullable()
    .meta({ description: 'failing: nothing arrived for three days; gone: the receiver answered 410.' }),
  failing_since: time.nullable().meta({ description: 'Where nothing has arrived for a day.' }),
  party: idOf('pa').nullable(),
  operator: z.string().nullable(),
  version: z.string(),
  metadata: z.record(z.string(), z.string()),
  created_at: time,
}
const endpoint = z.strictObject(fields).meta({ id: 'WebhookEndpoint' })
const newEndpoint = z.strictObject({ ...fields, hint: z.string() }).meta({ id: 'NewWebhookEndpoint' })

const delivery = z
  .strictObject({
    event: z.string().regex(/^evt_/),
    object: z.literal('delivery'),
    type: z.string(),
    subject: z.string(),
    status: z
      .enum(['waiting', 'delivered', 'dead'])
      .meta({ description: 'dead: given up after ten tries over three days; replay brings it again.' }),
    next_try_at: time.nullable(),
    tries: z.array(
      z.strictObject({
        at: time,
        took_ms: z.int(),
        status: z.int().nullable().meta({ description: 'null: nothing was answered.' }),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'Delivery' })

export const webhookOperations = {
  'POST /v1/webhook_endpoints': idempotent('createWebhookEndpoint', { 201: newEndpoint }, { secret: 'webhook' }),
  'GET /v1/webhook_endpoints': answers('listWebhookEndpoints', { 200: pageOf(endpoint) }),
  'GET /v1/webhook_endpoints/:id': answers('getWebhookEndpoint', { 200: endpoint }),
  'PATCH /v1/webhook_endpoints/:id': idempotent('changeWebhookEndpoint', { 200: endpoint }),
  'DELETE /v1/webhook_endpoints/:id': idempotent('deleteWebhookEndpoint', { 200: endpoint }),
  'POST /v1/webhook_endpoints/:id/enable': idempotent('enableWebhookEndpoint', { 200: endpoint }),
  'POST /v1/webhook_endpoints/:id/disable': idempotent('disableWebhookEndpoint', { 200: endpoint }),
  'POST /v1/webhook_endpoints/:id/rotate_secret': idempotent('rotateWebhookSecret', { 201: newEndpoint }, { secret: 'webhook' }),
  'POST /v1/webhook_endpoints/:id/replay': idempotent('replayWebhookEvents', { 200: endpoint }),
  'GET /v1/webhook_endpoints/:id/deliveries': answers('listWebhookDeliveries', { 200: pageOf(delivery) }),
}
