import type { Json } from '../../ports/books.ts'

/** A JSON Schema as the pages show it. */
export type Schema = Readonly<{
  $ref?: string
  type?: string | readonly string[]
  description?: string
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  maxLength?: number
  default?: Json
  enum?: readonly Json[]
  const?: Json
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  items?: Schema
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
}>
export type Content = Readonly<Record<string, Readonly<{ schema?: Schema; example?: Json }>>>
type Referred<T> = T | Readonly<{ $ref: string }>
export type Header = Readonly<{ description?: string }>
export type Parameter = Readonly<{ name: string; in: string; required?: boolean; description?: string; schema?: Schema }>
export type Answer = Readonly<{ description?: string; content?: Content; headers?: Readonly<Record<string, Referred<Header>>> }>
type Operation = Readonly<{
  operationId: string
  summary: string
  tags: readonly string[]
  security?: readonly object[]
  parameters?: readonly Referred<Parameter>[]
  requestBody?: Readonly<{ content: Content }>
  responses: Readonly<Record<string, Referred<Answer>>>
}>
/** The part of an OpenAPI document that the pages show. */
export type Description = Readonly<{
  tags: readonly Readonly<{ name: string; description: string }>[]
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  components: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}>

/** An operation with where it is. */
export type Placed = Readonly<{ method: string; path: string; operation: Operation }>

/** All that are described by name, in the order of their routes. */
export function placedIn({ paths }: Description): readonly Placed[] {
  const all = Object.entries(paths).flatMap(([path, by]) =>
    Object.entries(by).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
  return all.filter(({ operation }) => operation.operationId)
}

/** What a reference stands for, or the value itself. */
export function resolved<T extends object>({ components }: Description, value: Referred<T>): T {
  if (!('$ref' in value)) return value as T
  const [kind, name] = (value as { $ref: string }).$ref.split('/').slice(-2) as [string, string]
  return components[kind]![name] as T // The description is linted: each reference leads somewhere.
}
