import type { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { accessOf } from './access.ts'
import { OPERATIONS } from './operations.ts'
import type { Operation } from './shapes.ts'

type Described = ReturnType<typeof jsonSchemaTransform>

const KEY_HEADER = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{8,128}$/)
    .meta({
      description: 'Your own name for this operation: a repeat under it gets the same answer, and does nothing again.',
      example: 'order-4711-1',
    }),
})

const JSON_ONLY = ['application/json']

/** A route of the API with what is promised of it: its name, what it takes, its answers, the header that makes a repeat harmless. */
export const withPromises =
  (describe: typeof jsonSchemaTransform): typeof jsonSchemaTransform =>
  (document) => {
    const { schema, url, route } = document
    const name = `${[route.method].flat()[0]} ${url}`
    const operation = OPERATIONS[name]
    if (!operation) return describe(document)
    const { id, idempotent, body, query, params } = operation
    const access = accessOf(id, name)
    const promised = {
      ...schema,
      operationId: id,
      response: answersOf(operation),
      ...(idempotent ? { headers: idempotent === true ? KEY_HEADER : KEY_HEADER.partial() } : {}),
      ...(body ? { body } : {}),
      ...(query ? { querystring: query } : {}),
      ...(params ? { params } : {}),
    }
    const described = describe({ ...document, schema: promised })
    const beside = { ...(access ? { 'x-access': access } : {}), ...(access?.who === 'anyone' ? { security: [] } : {}) }
    return { ...described, schema: { ...openAnswers(described.schema), ...beside } }
  }

function answersOf({ answers, media = JSON_ONLY }: Operation) {
  const rows = Object.entries(answers).map(([status, schema]) => {
    if (schema instanceof z.ZodNull) return [status, schema]
    const [first, ...others] = media
    const content = [[first, { schema }], ...others.map((type) => [type, { schema: z.string() }])]
    return [status, { description: STATUS_WORDS[status] ?? 'Done', content: Object.fromEntries(content) }]
  })
  return Object.fromEntries(rows)
}

const STATUS_WORDS: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Made, or taken.',
  202: 'Begun: ask again for how it ended.',
  404: 'There is nothing under this name or id.',
}

/** Clients are to expect fields that they do not know: those that are added later break nobody. */
function openAnswers(schema: Described['schema']): Described['schema'] {
  const response = (schema as { response?: object }).response
  return response ? ({ ...schema, response: opened(response) } as Described['schema']) : schema
}

/** The same without `additionalProperties: false`, all the way down. */
export function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened)
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([name, inner]) => name !== 'additionalProperties' || inner !== false)
  return Object.fromEntries(kept.map(([name, inner]) => [name, opened(inner)]))
}
