import type { Json } from '../../ports/books.ts'

/**
 * JSON with sorted keys and no blanks (RFC 8785, JCS): the bytes that are signed or hashed. Whoever parses the value and writes it again has the same
 * bytes. Keys are in the order of their UTF-16 units and numbers are as ECMAScript writes them, as the RFC asks. Throws TypeError for what has no such
 * form: a number that is not finite, and half of a surrogate pair.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return textOf(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} is no number of JSON`)
    return JSON.stringify(value)
  }
  // Every authorization is hashed in this form, so nothing is made that is not in it: no list of members.
  let members = ''
  for (const key of Object.keys(value).sort()) members += `${members === '' ? '' : ','}${textOf(key)}:${canonicalJson(value[key]!)}`
  return `{${members}}`
}

/** Half a pair is no UTF-8, and what is written in its place differs from writer to writer. */
function textOf(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a text with half of a surrogate pair has no canonical form')
  return JSON.stringify(text)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
