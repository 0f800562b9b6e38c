import { jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { API_VERSIONS } from '../http/apiVersion.ts'
import { opened } from './describe.ts'
import { exampleOf, type Schema } from './exampleOf.ts'
import { OPERATIONS } from './operations.ts'
import { problemSchema, refusalComponents, refusalsOf } from './refusals.ts'
import { SENT } from './sent.ts'
import type { Operation } from './shapes.ts'

type Answer = { description?: string; headers?: object; content?: object; $ref?: string }
type Described = {
  operationId?: string
  security?: object[]
  parameters?: object[]
  requestBody?: object
  responses: Record<string, Answer>
}
type Paths = Record<string, Record<string, Described>>
type Document = ReturnType<typeof jsonSchemaTransformObject> & { components?: Record<string, Record<string, object>>; paths?: Paths }

const PARAMETERS = {
  Version: {
    name: 'Switchyard-Version',
    in: 'header',
    required: false,
    description: 'The spelling to be answered in, by the day from which it holds; the newest where it is not sent.',
    schema: { type: 'string', enum: [...API_VERSIONS] },
  },
}
const HEADERS = {
  Version: { description: 'The spelling of this answer.', schema: { type: 'string', examples: [API_VERSIONS[0]] } },
  RateLimitPolicy: {
    description: 'How many calls the key has: q at once, and as many again in w seconds (draft-ietf-httpapi-ratelimit-headers).',
    schema: { type: 'string', examples: ['"key";q=2000;w=10'] },
  },
  RateLimit: {
    description: 'How many calls of it are left (r), and in how many seconds all of them again (t).',
    schema: { type: 'string', examples: ['"key";r=1999;t=1'] },
  },
  RetryAfter: { description: 'In how many seconds to come again.', schema: { type: 'string', examples: ['2'] } },
  Replayed: { description: 'true: a repeat, answered as it was before.', schema: { type: 'string', enum: ['true'] } },
  NewKey: { description: 'The secret of the new key, this once.', schema: { type: 'string', examples: ['sk_...'] } },
  RefundLink: { description: 'Where the payer fetches it: whoever has the link can.', schema: { type: 'string' } },
  NewSecret: { description: 'The new secret of the endpoint, this once.', schema: { type: 'string', examples: ['whsec_...'] } },
}

const byId = new Map(Object.values(OPERATIONS).map((operation) => [operation.id, operation]))
const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` })

/** The description as it is served: with what all operations share, the schemas that are referred to, and without those that nothing refers to. */
export const withComponents: typeof jsonSchemaTransformObject = (document) => {
  const whole = jsonSchemaTransformObject(document) as Document // An OpenAPI document of version 3.
  const paths = Object.fromEntries(Object.entries(whole.paths ?? {}).map(([path, by]) => [path, shared(path, by)]))
  const shapes: Record<string, unknown> = { ...whole.components?.schemas, Problem: problemSchema() }
  const schemas = Object.entries(shapes).map(([name, schema]) => [name, opened(schema)] as const)
  const responses = refusalComponents(namesIn(paths, 'responses'))
  const used = referredTo([paths, responses], new Map(schemas))
  addExamples(paths, new Map(schemas) as Schemas)
  const components = {
    ...whole.components,
    parameters: PARAMETERS,
    headers: HEADERS,
    responses,
    schemas: Object.fromEntries(schemas.filter(([name]) => used.has(name))),
  }
  return { ...whole, paths, components } as unknown as Document // With shapes of its own.
}

/** The operations of a path with their refusals, and the headers that go both ways. */
function shared(path: string, by: Record<string, Described>): Record<string, Described> {
  const rows = Object.entries(by).map(([method, described]) => {
    const operation = byId.get(described.operationId ?? '')
    return [method, operation ? whole(described, { path, method, operation }) : described]
  })
  return Object.fromEntries(rows)
}

type Place = Readonly<{ path: string; method: string; operation: Operation }>

function whole(described: Described, { path, method, operation }: Place): Described {
  const isKeyless = described.security?.length === 0
  const hasBody = described.requestBody !== undefined
  const namesThings = hasBody || (described.parameters ?? []).some((one) => (one as { in?: string }).in !== 'header')
  const refusals = refusalsOf({ method, isKeyless, hasBody, namesThings, also: operation.refuses ?? [] })
  const isVersioned = path.startsWith('/v1/')
  const headers = headersOf(operation, { isVersioned, isKeyless })
  const answers = Object.entries(described.responses).map(([status, answer]) => [status, { ...answer, ...headers }])
  return {
    ...described,
    ...(isVersioned ? { parameters: [...(described.parameters ?? []), ref('parameters', 'Version')] } : {}),
    responses: { ...refusals, ...Object.fromEntries(answers) },
  }
}

function headersOf(
  { idempotent, secret }: Operation,
  { isVersioned, isKeyless }: Readonly<{ isVersioned: boolean; isKeyless: boolean }>,
): { headers?: object } {
  const headers = {
    ...(isVersioned ? { 'Switchyard-Version': ref('headers', 'Version') } : {}),
    ...(isKeyless ? {} : { RateLimit: ref('headers', 'RateLimit'), 'RateLimit-Policy': ref('headers', 'RateLimitPolicy') }),
    ...(idempotent ? { 'Idempotent-Replayed': ref('headers', 'Replayed') } : {}),
    ...(secret === 'key' ? { 'Switchyard-Api-Key': ref('headers', 'NewKey') } : {}),
    ...(secret === 'refund' ? { 'Switchyard-Refund': ref('headers', 'RefundLink') } : {}),
    ...(secret === 'webhook' ? { 'Switchyard-Webhook-Secret': ref('headers', 'NewSecret') } : {}),
  }
  return Object.keys(headers).length > 0 ? { headers } : {}
}

type Schemas = ReadonlyMap<string, Schema>
type Content = Record<string, { schema?: Schema; example?: unknown }>

/** What is sent and what is answered, once for each. */
function addExamples(paths: Paths, schemas: Schemas): void {
  for (const { operationId = '', requestBody, responses } of Object.values(paths).flatMap((by) => Object.values(by))) {
    const sent = SENT[operationId]
    for (const media of Object.values((requestBody as { content?: Content } | undefined)?.content ?? {}))
      if (sent !== undefined) media.example = sent
    for (const { content } of Object.values(responses)) {
      const media = (content as Content | undefined)?.['application/json']
      if (media?.schema) media.example = exampleOf(media.schema, schemas)
    }
  }
}

/** The names of the schemas that `from` refers to, and those that these refer to. */
function referredTo(from: unknown, schemas: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const found = new Set<string>()
  const look = (value: unknown): void => {
    for (const name of namesIn(value, 'schemas')) {
      if (found.has(name)) continue
      found.add(name)
      look(schemas.get(name))
    }
  }
  look(from)
  return found
}

/** The components of a kind that `value` refers to by itself. */
function namesIn(value: unknown, kind: 'schemas' | 'responses'): ReadonlySet<string> {
  const found = JSON.stringify(value ?? null).matchAll(new RegExp(`"#/components/${kind}/([^"]+)"`, 'g'))
  return new Set([...found].map(([, name]) => name!))
}
