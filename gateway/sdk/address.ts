import type { Query } from './operation.ts'

/** A path with its ids. An id that would make another path of it is refused. */
export function pathOf(path: string, params: readonly string[]): string {
  let at = 0
  return path.replace(/{[^}]+}/g, (name) => {
    const id = params[at++]
    if (typeof id !== 'string' || id === '' || /^\.\.?$/.test(id))
      throw new TypeError(`${path}: ${name} is ${JSON.stringify(id)}, which is no id`)
    return encodeURIComponent(id)
  })
}

/** A query with what is defined; a list is the same name again, and of an object each field is `name[field]`. */
export function queryOf(query: Query | undefined): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) => pairsOf(name, value))
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}

function pairsOf(name: string, value: unknown): [string, string][] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.flatMap((one) => pairsOf(name, one))
  if (typeof value === 'object') return Object.entries(value).flatMap(([field, inner]) => pairsOf(`${name}[${field}]`, inner))
  return [[name, String(value)]]
}
