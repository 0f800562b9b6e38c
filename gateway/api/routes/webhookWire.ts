import { z } from 'zod'
import { typesNamed } from '../../events/webhooks/endpoint.ts'
import { lineOfText, metadata, partyId, wholePage } from '../http/wire.ts'

const ENDPOINT_ID = /^we_[0-9a-f]{32}$/
const EVENT_ID = /^evt_[0-9a-f]{20}$/
const OVERLAP_S_MAX = 30 * 86_400

const url = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s"'<>\\]+$/, 'is not an http or https URL')
  .refine((text) => URL.canParse(text), 'is not a URL')
  .meta({
    description: 'Where events are sent by POST. Outside a local network over https, to a public address; redirects are not followed.',
  })
const types = z
  .array(
    z
      .string()
      .max(60)
      .refine((name) => typesNamed(name).length > 0, 'names no type of event'),
  )
  .min(1)
  .max(50)
  .meta({ description: 'Types, or families such as `payout.*`, also of types that come later. Absent: all.' })
const description = lineOfText(200).trim().min(1)
const eventId = z.string().regex(EVENT_ID, 'is not the id of an event (evt_...)')

export const createEndpoint = z.strictObject({
  url,
  types: types.optional(),
  description: description.optional(),
  metadata: metadata.default({}),
})

export const changeEndpoint = z
  .strictObject({
    url: url.optional(),
    types: types.nullable().optional(),
    description: description.nullable().optional(),
    metadata: metadata.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change')

export const rotateSecret = z.strictObject({
  overlap_s: z
    .int()
    .min(0)
    .max(OVERLAP_S_MAX)
    .default(86_400)
    .meta({ description: 'How long messages carry a signature by the old secret too.' }),
})

export const replayEvents = z.strictObject({
  from: eventId.meta({ description: 'The first event to bring again.' }),
  until: eventId.optional().meta({ description: 'The last one; all up to now where it is left out.' }),
})

export const endpointsPage = z.strictObject({
  limit: wholePage,
  after: z.string().regex(ENDPOINT_ID, 'is not the id of a webhook endpoint (we_...)').optional(),
  party: partyId.optional().meta({ description: 'Of one party, for an operator.' }),
})

export const deliveriesPage = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: eventId.optional().meta({ description: 'The event of the last delivery that you have seen; older ones follow.' }),
  status: z.enum(['waiting', 'delivered', 'dead']).optional(),
})
