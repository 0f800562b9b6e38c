import { z } from 'zod'
import type { EventType } from '../../events/catalog/catalog.ts'
import { typesNamed } from '../../events/webhooks/endpoint.ts'

const TYPES_MAX = 20

/** Types, or families of them (`payout.*`), with commas between. */
const types = z
  .string()
  .max(1_000)
  .transform((text, context): EventType[] => {
    const named = text.split(',')
    const found = named.map(typesNamed)
    const wrong = named.find((_, i) => found[i]?.length === 0)
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: `names no type of event: ${wrong.slice(0, 60)}` })
    if (named.length > TYPES_MAX) context.addIssue({ code: 'custom', message: `names more than ${TYPES_MAX} types` })
    return [...new Set(found.flat())]
  })

export const eventsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z
    .string()
    .max(60)
    .optional()
    .meta({ description: 'The id of an event: what came after it; `first` for all. Without it a page begins at the first, a stream now.' }),
  type: types.optional().meta({ description: 'Types, or families such as `payout.*`, with commas between.' }),
  subject: z.string().min(1).max(300).optional().meta({ description: 'The id of what events are about.' }),
})
