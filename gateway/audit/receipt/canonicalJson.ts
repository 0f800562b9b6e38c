import { invariant } from '../../errors/invariant.ts'

/** What challenge requests are made of: no floats, so that the number rules of RFC 8785 never matter. */
export type CanonicalValue = string | number | readonly CanonicalValue[] | { readonly [key: string]: CanonicalValue }

/** JSON with sorted keys and no blanks (RFC 8785, JCS): clients may parse a request and write it again, and the bytes must be the same. */
export function canonicalJson(value: CanonicalValue): string {
  if (typeof value === 'number') {
    invariant(Number.isSafeInteger(value), 'canonical JSON carries whole numbers only')
    return String(value)
  }
  if (typeof value === 'string') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key]!)}`).join(',')}}`
}

function isList(value: CanonicalValue): value is readonly CanonicalValue[] {
  return Array.isArray(value)
}
