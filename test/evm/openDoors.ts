import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'

type Schema = Readonly<{
  type?: string | undefined
  pattern?: string | undefined
  const?: unknown
  enum?: readonly unknown[]
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  items?: Schema
}>
type Operation = Readonly<{ requestBody?: { content: Record<string, { schema: Schema }> } }>
export type OpenApi = Readonly<{ paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }>

/** One POST of the API as its description has it; `path` with its parameters in braces. */
export type Door = Readonly<{ path: string; body: Schema | undefined }>

/** Every POST that the description names. */
export function postsOf({ paths }: OpenApi): Door[] {
  return Object.entries(paths).flatMap(([path, { post }]) =>
    post ? [{ path, body: post.requestBody?.content['application/json']?.schema }] : [],
  )
}

/** What strangers know: ids for paths, texts for any field whose pattern allows them, and what to put into fields of these names. */
export type Known = Readonly<{ ids: readonly string[]; texts: readonly string[]; named: Readonly<Record<string, readonly string[]>> }>

/** What strangers send there: mostly what they know, else any text that the pattern allows. */
export function callsOf({ path, body }: Door, known: Known): fc.Arbitrary<{ url: string; payload: unknown }> {
  const parts = path.split('/').map((part) => (part.startsWith('{') ? fc.constantFrom(...known.ids) : fc.constant(part)))
  return fc.record({ url: fc.tuple(...parts).map((chosen) => chosen.join('/')), payload: body ? anyValue(body, known) : fc.constant({}) })
}

function anyValue(schema: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map((one) => anyValue(one, known, name)))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.type === 'object') {
    const fields = Object.entries(schema.properties ?? {}).map(([field, its]) => [field, anyValue(its, known, field)] as const)
    return fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] })
  }
  if (schema.type === 'array') return fc.array(anyValue(schema.items ?? {}, known, name), { minLength: 1, maxLength: 3 })
  if (schema.type === 'integer') return fc.integer({ min: 1, max: 1_000 })
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern)
  const any = pattern ? matching(pattern) : fc.string({ maxLength: 40 })
  const fitting = (known.named[name] ?? known.texts).filter((text) => pattern?.test(text) ?? true)
  return fitting.length === 0 ? any : fc.oneof({ weight: 15, arbitrary: fc.constantFrom(...fitting) }, { weight: 1, arbitrary: any })
}

/** By its source: making one tries every text of a long list on the pattern, and most fields of the API have one of a few patterns. */
const made = new Map<string, fc.Arbitrary<string>>()

function matching(pattern: RegExp): fc.Arbitrary<string> {
  const known = made.get(pattern.source)
  if (known) return known
  const arbitrary = fc.stringMatching(pattern)
  made.set(pattern.source, arbitrary)
  return arbitrary
}

/** Every row of every table of every database in a folder and below: what would be there after a restart. */
export function everythingDurable(folder: string): Record<string, unknown[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:sqlite|db)$/.test(name))
  return Object.fromEntries(files.sort().flatMap((name) => tablesOf(join(folder, name), name)))
}

function tablesOf(file: string, name: string): [string, unknown[]][] {
  const database = new DatabaseSync(file)
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all()
    return tables.map((table) => {
      const rows = database.prepare(`SELECT * FROM "${table.name}"`)
      rows.setReadBigInts(true)
      return [`${name} ${table.name}`, rows.all()]
    })
  } finally {
    database.close()
  }
}
