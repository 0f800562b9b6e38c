import type { Json } from '../../ports/books.ts'

/**
 * JSON with sorted keys and no blanks (RFC 8785, JCS): the bytes that are signed or hashed. Whoever parses the value and writes it again has the same
 * bytes. Keys are in the order of their UTF-16 units and numbers are as ECMAScript writes them, as the RFC asks; what we sign holds whole numbers at most.
 */
export function canonicalJson(value: Json): string {
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key]!)}`).join(',')}}`
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
