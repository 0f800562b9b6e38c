import { z } from 'zod'
import { EVENT_TYPES, EVENTS, eventSchema } from '../../events/catalog/catalog.ts'

let described: ReturnType<typeof describeEvents> | undefined

/** Each event as OpenAPI's `webhooks` lists it. Made once a process: it takes as long as all else that a gateway says of itself at its start. */
export function eventWebhooks() {
  described ??= describeEvents()
  return described
}

function describeEvents() {
  return Object.fromEntries(
    EVENT_TYPES.map((type) => {
      const { summary, version } = EVENTS[type]
      const { $schema: _, ...schema } = z.toJSONSchema(eventSchema(type))
      const post = {
        operationId: `on${type
          .split(/[._]/)
          .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
          .join('')}`,
        tags: ['events'],
        summary,
        description: `Version ${version}.`,
        requestBody: { required: true, content: { 'application/json': { schema } } },
        responses: { '2XX': { description: 'It was taken.' } },
      }
      return [type, { post }]
    }),
  )
}
