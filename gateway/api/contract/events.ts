import { z } from 'zod'
import { EVENT_TYPES } from '../../events/catalog/catalog.ts'
import { answers, time } from './shapes.ts'

/** What `data` holds for each type stands in the description's `webhooks`. */
const event = z
  .strictObject({
    id: z.string().regex(/^evt_/),
    object: z.literal('event'),
    type: z.enum(EVENT_TYPES as [string, ...string[]]), // There is one.
    version: z.int(),
    created_at: time,
    subject: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' })

export const eventOperations = {
  'GET /v1/events': answers(
    'listEvents',
    { 200: z.strictObject({ data: z.array(event), has_more: z.boolean(), next: z.string().nullable() }) },
    { media: ['application/json', 'text/event-stream'] },
  ),
  'GET /v1/events/:id': answers('getEvent', { 200: event }),
}
