/** A JSON Schema, as far as the API describes itself with it. */
export type Schema = Readonly<{
  $ref?: string
  type?: string | readonly string[]
  description?: string
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  additionalProperties?: Schema | boolean
  propertyNames?: Schema
  items?: Schema
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  allOf?: readonly Schema[]
  enum?: readonly unknown[]
  const?: unknown
}>

type Field = Readonly<{ name: string; shape: Shape; required: boolean; description?: string }>
/** What both languages can say of a value. `values` are literals of JSON; `map` has `keys` where they are named. */
export type Shape =
  | Readonly<{ kind: 'text' | 'number' | 'integer' | 'truth' | 'null' | 'anything' }>
  | Readonly<{ kind: 'values'; values: readonly (string | number | boolean)[] }>
  | Readonly<{ kind: 'list'; of: Shape }>
  | Readonly<{ kind: 'map'; of: Shape; keys?: readonly string[] }>
  | Readonly<{ kind: 'fields'; fields: readonly Field[] }>
  | Readonly<{ kind: 'either'; of: readonly Shape[] }>
  | Readonly<{ kind: 'named'; name: string }>

const SIMPLE = {
  string: 'text',
  number: 'number',
  integer: 'integer',
  boolean: 'truth',
  null: 'null',
} as const

/** The shape that a schema describes. `named` looks up what an `allOf` refers to. */
export function shapeOf(schema: Schema, named: Readonly<Record<string, Schema>>): Shape {
  if (schema.$ref !== undefined) return { kind: 'named', name: nameIn(schema.$ref) }
  if (schema.allOf) return shapeOf(merged(schema, named), named)
  const several = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (several.length > 0) return either(several.map((one) => shapeOf(one, named)))
  const values = schema.const === undefined ? schema.enum : [schema.const]
  if (values) return either([{ kind: 'values', values: values.filter(isLiteral) }, ...(values.includes(null) ? [NULL] : [])])
  if (Array.isArray(schema.type)) return either(schema.type.map((type: string) => shapeOf({ ...schema, type }, named)))
  if (schema.type === 'array') return { kind: 'list', of: shapeOf(schema.items ?? {}, named) }
  if (schema.type === 'object' || schema.properties) return objectShape(schema, named)
  const kind = SIMPLE[schema.type as keyof typeof SIMPLE]
  return { kind: kind ?? 'anything' }
}

const NULL: Shape = { kind: 'null' }

function objectShape(
  { properties = {}, required = [], additionalProperties, propertyNames }: Schema,
  named: Readonly<Record<string, Schema>>,
): Shape {
  const fields = Object.entries(properties).map(([name, inner]) => fieldOf(name, inner, { required: required.includes(name), named }))
  if (fields.length > 0 || additionalProperties === false) return { kind: 'fields', fields }
  const of: Shape = typeof additionalProperties === 'object' ? shapeOf(additionalProperties, named) : { kind: 'anything' }
  const keys = propertyNames?.enum?.filter((key) => typeof key === 'string')
  return keys ? { kind: 'map', of, keys } : { kind: 'map', of }
}

function fieldOf(name: string, schema: Schema, { required, named }: { required: boolean; named: Readonly<Record<string, Schema>> }): Field {
  const shape = shapeOf(schema, named)
  return schema.description === undefined ? { name, shape, required } : { name, shape, required, description: schema.description }
}

/** All the fields of the parts of an `allOf`, which are objects. */
function merged(schema: Schema, named: Readonly<Record<string, Schema>>): Schema {
  const parts = schema.allOf!.map((part) => (part.$ref === undefined ? part : named[nameIn(part.$ref)]!))
  if (parts.some((part) => !part.properties))
    throw new Error('allOf of what is no object: write it as one object, the clients cannot say it')
  const own = [...parts, schema]
  return {
    type: 'object',
    properties: Object.assign({}, ...own.map(({ properties }) => properties ?? {})),
    required: own.flatMap(({ required }) => required ?? []),
  }
}

/** Several as one, each once; a choice of choices is one choice. */
function either(shapes: readonly Shape[]): Shape {
  const flat = shapes.flatMap((shape) => (shape.kind === 'either' ? shape.of : [shape]))
  const once = new Map(
    flat.filter((shape) => shape.kind !== 'values' || shape.values.length > 0).map((shape) => [JSON.stringify(shape), shape]),
  )
  const of = [...once.values()]
  return of.length === 1 ? of[0]! : { kind: 'either', of }
}

export function nameIn(ref: string): string {
  return ref.split('/').at(-1)!
}

function isLiteral(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}
