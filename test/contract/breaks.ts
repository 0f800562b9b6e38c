/** A field of a request or an answer: its types, whether it is always there, and the values it can have where they are named. */
export type Field = Readonly<{ types: readonly string[]; required: boolean; values?: readonly string[] }>
type Fields = Readonly<Record<string, Field>>
/** An operation without its words: what it takes, and what it answers by status. */
export type Reduced = Readonly<{ takes: Fields; answers: Readonly<Record<string, Fields>> }>
export type Contract = Readonly<Record<string, Reduced>>

type Schema = {
  $ref?: string
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  enum?: unknown[]
  const?: unknown
}
type Content = { content?: Record<string, { schema?: Schema }> }
type Parameter = { in: string; name: string; required?: boolean; schema?: Schema }
type OperationObject = {
  parameters?: (Parameter | { $ref: string })[]
  requestBody?: Content
  responses?: Record<string, Content>
}
export type Description = { paths: Record<string, Record<string, OperationObject>>; components?: Components }
type Components = { schemas?: Record<string, Schema>; parameters?: Record<string, Parameter> }

/** As deep as answers go. */
const DEPTH_MAX = 8

/** The description of an API without what breaks nobody when it changes. */
export function reduced({ paths, components }: Description): Contract {
  const operations = Object.entries(paths).flatMap(([path, by]) =>
    Object.entries(by).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, reducedOperation(operation, components)] as const),
  )
  return Object.fromEntries(operations.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function reducedOperation({ parameters = [], requestBody, responses = {} }: OperationObject, shared: Components = {}): Reduced {
  const takes: Record<string, Field> = {}
  const schemas = shared.schemas ?? {}
  const sent = parameters.map((one) => ('$ref' in one ? shared.parameters![one.$ref.split('/').at(-1)!]! : one))
  for (const { in: where, name, required = false, schema = {} } of sent)
    collect(schema, { path: `${where}.${name}`, required, into: takes, schemas, depth: 0 })
  for (const { schema = {} } of Object.values(requestBody?.content ?? {}))
    collect(schema, { path: 'body', required: true, into: takes, schemas, depth: 0 })
  // Every refusal is the same problem, whatever its status.
  const good = Object.entries(responses).filter(([status]) => /^[23]/.test(status))
  const answers = good.map(([status, { content = {} }]) => {
    const into: Record<string, Field> = {}
    const { 'application/json': json, ...others } = content // Who asks for no other type gets JSON, where there is any.
    for (const { schema = {} } of json ? [json] : Object.values(others))
      collect(schema, { path: 'body', required: true, into, schemas, depth: 0 })
    return [status, into] as const
  })
  return { takes, answers: Object.fromEntries(answers) }
}

type Where = Readonly<{ path: string; required: boolean; into: Record<string, Field>; schemas: Record<string, Schema>; depth: number }>

/** Writes a schema's fields by their paths. Of several shapes a field is there for sure when it is in each. */
function collect(schema: Schema, { path, required, into, schemas, depth }: Where): void {
  if (depth > DEPTH_MAX) return
  const next = { into, schemas, depth: depth + 1 }
  if (schema.$ref) {
    collect(schemas[schema.$ref.split('/').at(-1)!] ?? {}, { path, required, ...next })
    return
  }
  const shapes = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  if (shapes.length > 0) {
    const each = shapes.map((shape) => {
      const own: Record<string, Field> = {}
      collect(shape, { path, required, into: own, schemas, depth: depth + 1 })
      return own
    })
    for (const name of new Set(each.flatMap((own) => Object.keys(own)))) {
      const found = each.flatMap((own) => own[name] ?? [])
      for (const field of found) put(into, name, { ...field, required: field.required && found.length === each.length })
    }
    return
  }
  const values = schema.const === undefined ? schema.enum : [schema.const]
  const types = [schema.type ?? (values ? 'string' : 'any')].flat().map((type) => (type === 'integer' ? 'number' : type))
  put(into, path, { types, required, ...(values ? { values: values.map(String).toSorted() } : {}) })
  for (const [name, inner] of Object.entries(schema.properties ?? {}))
    collect(inner, { path: `${path}.${name}`, required: required && (schema.required ?? []).includes(name), ...next })
  if (schema.items) collect(schema.items, { path: `${path}[]`, required, ...next })
}

function put(into: Record<string, Field>, path: string, field: Field): void {
  const known = into[path]
  if (!known) {
    into[path] = field
    return
  }
  const values = known.values && field.values ? [...new Set([...known.values, ...field.values])].toSorted() : undefined
  into[path] = {
    types: [...new Set([...known.types, ...field.types])].toSorted(),
    required: known.required && field.required,
    ...(values ? { values } : {}),
  }
}

/** What a client that relies on `approved` would trip over. */
export function breaksOf(approved: Contract, now: Contract): string[] {
  return Object.entries(approved).flatMap(([name, was]) => {
    const is = now[name]
    if (!is) return [`${name} is gone`]
    return [...breaksOfRequest(name, was.takes, is.takes), ...breaksOfAnswers(name, was.answers, is.answers)]
  })
}

function breaksOfRequest(name: string, was: Fields, is: Fields): string[] {
  const known = Object.entries(was).flatMap(([path, before]) => {
    const field = is[path]
    if (!field) return [`${name} takes no ${path} any more`]
    const narrower = before.types.filter((type) => !field.types.includes(type) && !field.types.includes('any'))
    const lost = field.values ? (before.values ?? [`any ${path}`]).filter((value) => !field.values!.includes(value)) : []
    return [
      ...(field.required && !before.required ? [`${name} needs ${path} now`] : []),
      ...(narrower.length > 0 ? [`${name} takes no ${narrower.join(' or ')} as ${path} any more`] : []),
      ...(lost.length > 0 ? [`${name} takes no ${lost.join(' or ')} as ${path} any more`] : []),
    ]
  })
  const added = Object.entries(is).flatMap(([path, field]) => (field.required && !was[path] ? [`${name} needs ${path} now`] : []))
  return [...known, ...added]
}

function breaksOfAnswers(name: string, was: Reduced['answers'], is: Reduced['answers']): string[] {
  return Object.entries(was).flatMap(([status, fields]) => {
    const now = is[status]
    if (!now) return [`${name} answers no ${status} any more`]
    return Object.entries(fields).flatMap(([path, before]) => {
      const field = now[path]
      if (!field) return [`${name} ${status} has no ${path} any more`]
      const other = field.types.filter((type) => !before.types.includes(type) && !before.types.includes('any'))
      return [
        ...(before.required && !field.required ? [`${name} ${status} has ${path} not always any more`] : []),
        ...(other.length > 0 ? [`${name} ${status} has ${other.join(' or ')} as ${path} now`] : []),
      ]
    })
  })
}
