import { nameIn, type Schema, type Shape, shapeOf } from './shape.ts'

type Content = Readonly<{ content?: Readonly<Record<string, Readonly<{ schema?: Schema }>>>; headers?: Readonly<Record<string, unknown>> }>
type Parameter = Readonly<{ in: string; name: string; required?: boolean; description?: string; schema?: Schema }>
type OperationObject = Readonly<{
  operationId?: string
  summary?: string
  parameters?: readonly Parameter[]
  requestBody?: Content & Readonly<{ required?: boolean }>
  responses?: Readonly<Record<string, Content>>
}>
/** What a gateway serves at /openapi.json. */
export type Description = Readonly<{
  paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>
  components?: Readonly<{ schemas?: Readonly<Record<string, Schema>> }>
  webhooks?: Readonly<Record<string, Readonly<{ post?: OperationObject }>>>
}>

/** A type with a name in both languages. */
export type Named = Readonly<{ name: string; shape: Shape; description?: string }>
/** An operation as a method of a resource. `params` stand in the path, in this order; `item` is what a list that goes on by `after` has. */
export type Method = Readonly<{
  id: string
  resource: string
  name: string
  summary: string
  verb: string
  path: string
  params: readonly string[]
  /** The names of their types. */
  body?: Readonly<{ type: string; required: boolean }>
  query?: Readonly<{ type: string; required: boolean }>
  answer: Shape
  item?: Shape
  keyed: boolean
  /** It answers text that is no JSON. */
  isText: boolean
  /** Headers of the answer that have something for the caller, with the field under which it is given. */
  given: readonly Readonly<{ header: string; field: string }>[]
}>
export type Event = Readonly<{ type: string; summary: string; version: number; data: Shape }>
export type Model = Readonly<{ types: readonly Named[]; methods: readonly Method[]; events: readonly Event[] }>

const JSON_TYPE = 'application/json'
const TEXT: Schema = { type: 'string' }
/** A component of the description whose shape depends on what `type` says: the events have it. */
export const EVENT = 'Event'

/** What the clients are made of: the operations with a name, in the order of their methods. */
export function modelOf({ paths, components, webhooks = {} }: Description, names: Readonly<Record<string, string>>): Model {
  const schemas = components?.schemas ?? {}
  const types: Named[] = Object.entries(schemas).flatMap(([name, schema]) =>
    name === EVENT ? [] : [{ name, shape: shapeOf(schema, schemas), ...described(schema) }],
  )
  const read = readOperation(schemas, types, names)
  const methods = Object.entries(paths).flatMap(([path, by]) =>
    Object.entries(by).flatMap(([verb, operation]) => (operation.operationId === undefined ? [] : [read(verb, path, operation)])),
  )
  return {
    types: types.toSorted((a, b) => order(a.name, b.name)),
    methods: methods.toSorted((a, b) => order(`${a.resource}.${a.name}`, `${b.resource}.${b.name}`)),
    events: Object.entries(webhooks).map(([type, { post }]) => eventOf(type, post!, schemas)),
  }
}

function readOperation(schemas: Readonly<Record<string, Schema>>, types: Named[], names: Readonly<Record<string, string>>) {
  const name = (of: string, shape: Shape, description?: string) => {
    if (shape.kind === 'named') return shape.name
    types.push({ name: of, shape, ...(description === undefined ? {} : { description }) })
    return of
  }
  const inline = (of: string, shape: Shape): Shape =>
    shape.kind === 'fields' || shape.kind === 'either' ? { kind: 'named', name: name(of, shape) } : shape
  return (verb: string, path: string, operation: OperationObject): Method => {
    const id = operation.operationId!
    const [resource = '', method = ''] = (names[id] ?? '').split('.')
    if (method === '') throw new Error(`${id} has no name in tools/sdk/names.ts: run \`npm run sdk\``)
    const pascal = id[0]!.toUpperCase() + id.slice(1)
    const query = (operation.parameters ?? []).filter((one) => one.in === 'query')
    const sent = operation.requestBody?.content?.[JSON_TYPE]?.schema
    const good = Object.entries(operation.responses ?? {}).filter(([status]) => status.startsWith('2'))
    const answers = good.map(([, { content }]) => (content ? (content[JSON_TYPE]?.schema ?? TEXT) : { type: 'null' }))
    const isText = answers.some((schema) => schema === TEXT)
    const found = query.some((one) => one.name === 'after') ? itemOf(answers[0]!, schemas) : undefined
    const item = found && inline(`${pascal}Item`, found)
    const answer = shapeOf(answers.length === 1 ? answers[0]! : { anyOf: answers }, schemas)
    return {
      id,
      resource,
      name: method,
      summary: operation.summary ?? '',
      verb: verb.toUpperCase(),
      path,
      params: [...path.matchAll(/{([^}]+)}/g)].map(([, param]) => param!),
      ...(sent && { body: { type: name(`${pascal}Body`, shapeOf(sent, schemas)), required: !isAllOptional(sent) } }),
      ...(query.length > 0 && {
        query: { type: name(`${pascal}Query`, queryShape(query, schemas)), required: query.some((one) => one.required) },
      }),
      answer: item ? answer : inline(`${pascal}Answer`, answer),
      ...(item && { item }),
      keyed: (operation.parameters ?? []).some((one) => one.in === 'header' && one.name === 'idempotency-key'),
      given: givenBy(good),
      isText,
    }
  }
}

/** Of `{ data: [...], has_more, next }`, what `data` has. */
function itemOf(answer: Schema, schemas: Readonly<Record<string, Schema>>): Shape | undefined {
  const whole = answer.$ref === undefined ? answer : schemas[nameIn(answer.$ref)]
  const { data, has_more: more } = whole?.properties ?? {}
  return data?.items && more ? shapeOf(data.items, schemas) : undefined
}

function queryShape(query: readonly Parameter[], schemas: Readonly<Record<string, Schema>>): Shape {
  const fields = query.map(({ name, required = false, description, schema = {} }) => {
    const said = description ?? schema.description
    return { name, required, shape: shapeOf(schema, schemas), ...(said === undefined ? {} : { description: said }) }
  })
  return { kind: 'fields', fields }
}

function eventOf(type: string, { summary = '', requestBody }: OperationObject, schemas: Readonly<Record<string, Schema>>): Event {
  const { version, data } = requestBody?.content?.[JSON_TYPE]?.schema?.properties ?? {}
  return { type, summary, version: version?.const as number, data: shapeOf(data ?? {}, schemas) } // A version is a number.
}

function isAllOptional({ required = [], anyOf, oneOf, $ref }: Schema): boolean {
  return required.length === 0 && !anyOf && !oneOf && $ref === undefined
}

/** Headers of our own that only some answers have: `Switchyard-Api-Key` is given as `api_key`. */
function givenBy(good: readonly (readonly [string, Content])[]): Method['given'] {
  const names = new Set(good.flatMap(([, { headers = {} }]) => Object.keys(headers).map((name) => name.toLowerCase())))
  return [...names]
    .filter((header) => header.startsWith('switchyard-') && header !== 'switchyard-version')
    .map((header) => ({ header, field: header.replace('switchyard-', '').replaceAll('-', '_') }))
}

function described({ description }: Schema): { description?: string } {
  return description === undefined ? {} : { description }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
