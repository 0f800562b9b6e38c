import { type jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { OPERATIONS } from './operations.ts'
import { type Operation, problem } from './shapes.ts'

type Described = ReturnType<typeof jsonSchemaTransform>

const KEY_HEADER = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{8,128}$/)
    .meta({ description: 'Your own name for this operation: a repeat under it gets the same answer, and does nothing again.' }),
})

/** What each kind of operation can refuse, besides what its own work refuses. */
const REFUSALS = {
  400: 'The request cannot be read, or a field is wrong: errors names each.',
  401: 'No key, or none that is known.',
  403: 'The key is not for that.',
  404: 'There is nothing of yours under this id.',
  409: 'It stands otherwise meanwhile, or the first request under this Idempotency-Key still runs.',
  422: 'The Idempotency-Key stands for another request, or what was asked cannot be done.',
  429: 'Too much was asked from there: Retry-After says when to come again.',
  503: 'A rail or the books are away: Retry-After says when to come again.',
} as const

/** A route of the API with what is promised of it: its name, its answers, its refusals, the header that makes a repeat harmless. */
export const withPromises =
  (describe: typeof jsonSchemaTransform): typeof jsonSchemaTransform =>
  (document) => {
    const { schema, url, route } = document
    const operation = OPERATIONS[`${[route.method].flat()[0]} ${url}`]
    if (!operation) return describe(document)
    const headers = operation.idempotent ? { headers: KEY_HEADER } : {}
    const promised = { ...schema, ...headers, operationId: operation.id, response: responsesOf(operation, url) }
    const described = describe({ ...document, schema: promised })
    return { ...described, schema: openAnswers(described.schema) }
  }

function responsesOf(operation: Operation, url: string) {
  const good = Object.entries(operation.answers).map(([status, schema]) => [
    status,
    { description: 'Done', content: { 'application/json': { schema } } },
  ])
  const refused = Object.entries(REFUSALS)
    .filter(([status]) => status !== '404' || url.includes(':'))
    .map(([status, description]) => [status, { description, content: { 'application/problem+json': { schema: problem } } }])
  return Object.fromEntries([...good, ...refused])
}

/** Clients are to expect fields that they do not know: those that are added later break nobody. */
function openAnswers(schema: Described['schema']): Described['schema'] {
  const response = (schema as { response?: object }).response
  return response ? ({ ...schema, response: opened(response) } as Described['schema']) : schema
}

type Document = ReturnType<typeof jsonSchemaTransformObject> & { components?: { schemas?: Record<string, object> }; paths?: object }

/** The description with the schemas that it refers to, and without those that nothing does. */
export const withComponents: typeof jsonSchemaTransformObject = (document) => {
  const whole = jsonSchemaTransformObject(document) as Document // An OpenAPI document of version 3.
  const schemas = Object.entries(whole.components?.schemas ?? {}).map(([name, schema]) => [name, opened(schema)] as const)
  const used = referredTo(whole.paths, new Map(schemas))
  return {
    ...whole,
    components: { ...whole.components, schemas: Object.fromEntries(schemas.filter(([name]) => used.has(name))) },
  } as Document
}

/** The names of the schemas that `from` refers to, and those that these refer to. */
function referredTo(from: unknown, schemas: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const found = new Set<string>()
  const look = (value: unknown): void => {
    for (const [, name] of JSON.stringify(value ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (found.has(name!)) continue
      found.add(name!)
      look(schemas.get(name!))
    }
  }
  look(from)
  return found
}

/** The same without `additionalProperties: false`, all the way down. */
function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened)
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([name, inner]) => name !== 'additionalProperties' || inner !== false)
  return Object.fromEntries(kept.map(([name, inner]) => [name, opened(inner)]))
}
