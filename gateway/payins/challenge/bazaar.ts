import type { Json } from '../../ports/books.ts'

/**
 * How a route is called, for indexers of x402 (extension `bazaar`). `template`: its path with parameters as `:id`. `path`: that of this request.
 * The examples are what its seller shows to anybody.
 */
export type BazaarEntry = Readonly<{
  method: string
  template: string
  path: string
  example?:
    | Readonly<{ query?: Readonly<Record<string, string>> | undefined; body?: Json | undefined; output?: Json | undefined }>
    | undefined
}>

type Tree = Readonly<Record<string, Json>>

const HAS_BODY = new Set(['POST', 'PUT', 'PATCH'])
const HAS_QUERY = new Set(['GET', 'DELETE'])
/** What indexers take for a template; another one is left out, and they go by the address. */
const TEMPLATE = /^\/[a-zA-Z0-9_/:.\-~%]+$/
const TEXT: Tree = { type: 'string' }

/**
 * The extension with the JSON Schema of itself that it must carry; undefined where an indexer could not call the route: a body without an example is one
 * that nobody knows.
 */
export function bazaarExtension({ method: sent, template, path, example }: BazaarEntry): Tree | undefined {
  const method = sent === 'HEAD' ? 'GET' : sent
  const hasBody = HAS_BODY.has(method)
  if (!HAS_QUERY.has(method) && !(hasBody && example?.body !== undefined)) return undefined
  const parameters = parametersOf(template, path)
  const query = Object.keys(example?.query ?? {}).length > 0 ? example!.query! : undefined
  const input: Tree = {
    type: 'http',
    method,
    ...(hasBody ? { bodyType: typeof example!.body === 'string' ? 'text' : 'json', body: example!.body! } : {}),
    ...(query ? { queryParams: query } : {}),
    ...(parameters ? { pathParams: parameters } : {}),
  }
  const output =
    example?.output === undefined ? undefined : { type: typeof example.output === 'string' ? 'text' : 'json', example: example.output }
  return {
    info: { input, ...(output ? { output } : {}) },
    schema: schemaOf(input, output),
    ...(parameters ? { routeTemplate: template } : {}),
  }
}

function schemaOf(input: Tree, output: Tree | undefined): Json {
  const { method, body, queryParams, pathParams } = input
  const named: Record<string, Json> = { type: { type: 'string', const: 'http' }, method: { type: 'string', enum: [method!] } }
  if (body !== undefined) {
    named.bodyType = { type: 'string', enum: [input.bodyType!] }
    named.body = { type: typeOf(body) }
  }
  if (queryParams !== undefined) named.queryParams = { type: 'object', properties: textsOf(queryParams) }
  if (pathParams !== undefined) named.pathParams = { type: 'object', properties: textsOf(pathParams) }
  const required = ['type', 'method', ...(body === undefined ? [] : ['bodyType', 'body'])]
  const outputSchema = {
    type: 'object',
    properties: { type: TEXT, example: output ? { type: typeOf(output.example!) } : {} },
    required: ['type'],
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      input: { type: 'object', properties: named, required, additionalProperties: false },
      ...(output ? { output: outputSchema } : {}),
    },
    required: ['input'],
  }
}

function textsOf(values: Json): Tree {
  return Object.fromEntries(Object.keys(values as Tree).map((name) => [name, TEXT])) // Ours, of texts.
}

function typeOf(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value
}

/** What this request has in the place of each parameter; undefined for a route without, or one whose template indexers would not take. */
function parametersOf(template: string, path: string): Readonly<Record<string, string>> | undefined {
  if (!template.includes('/:') || !TEMPLATE.test(template) || template.includes('..')) return undefined
  const [names, values] = [template.split('/'), path.split('/')]
  if (names.length !== values.length) return undefined
  const found = names.flatMap((name, n) => (name.startsWith(':') ? [[name.slice(1), values[n]!] as const] : []))
  return Object.fromEntries(found)
}
