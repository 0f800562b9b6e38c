import { type InnerList, isInnerList, parseDictionary, serializeInnerList, serializeItem } from 'structured-headers'
import { GatewayError } from '../../errors/gatewayError.ts'

/** A request as far as a signature can cover it. `origin`: scheme and host by which it was sent to us; `url`: path and query as they were sent. */
export type SignedRequest = Readonly<{
  method: string
  origin: string
  url: string
  headers: Readonly<Record<string, string | string[] | undefined>>
}>

/** The name of a component, and its parameters. */
export type Component = Readonly<[name: string, parameters: ReadonlyMap<string, unknown>]>

const HEADER_CHARS_MAX = 4_096

/** What is signed (RFC 9421, section 2.5). Throws `agent_signature_invalid` for what the request does not have, or what cannot be had here. */
export function signatureBase(request: SignedRequest, input: InnerList): string {
  const lines = new Map<string, string>()
  for (const component of input[0]) {
    const name = serializeItem(component)
    if (lines.has(name)) throw refused(`it covers ${name} twice`)
    lines.set(name, componentValue(request, component as unknown as Component)) // Its name is looked at there.
  }
  return [...[...lines].map(([name, value]) => `${name}: ${value}`), `"@signature-params": ${serializeInnerList(input)}`].join('\n')
}

/** The value of a covered component (RFC 9421, section 2). Throws where the request has none, or none that can be had here. */
function componentValue(request: SignedRequest, [name, parameters]: Component): string {
  if (typeof name !== 'string') throw refused('it covers what is no name')
  if (name.startsWith('@')) {
    if (parameters.size > 0) throw refused(`it covers ${name} with parameters`)
    return derived(request, name)
  }
  const value = headerOf(request, name)
  if (value === undefined || name !== name.toLowerCase()) throw refused(`it covers ${name.slice(0, 60)}, which did not come along`)
  if (parameters.size === 0) return value
  const key = parameters.get('key')
  if (typeof key !== 'string' || parameters.size > 1) throw refused(`it covers ${name.slice(0, 60)} with parameters`)
  const member = dictionaryIn(name, value).get(key)
  if (!member) throw refused(`it covers a member of ${name} that did not come along`)
  return isInnerList(member) ? serializeInnerList(member) : serializeItem(member)
}

function derived({ method, origin, url }: SignedRequest, name: string): string {
  const query = url.indexOf('?')
  const path = query < 0 ? url : url.slice(0, query)
  switch (name) {
    case '@method':
      return method
    case '@authority':
      return new URL(origin).host
    case '@scheme':
      return new URL(origin).protocol.slice(0, -1)
    case '@path':
      return path === '' ? '/' : path
    case '@query':
      return query < 0 ? '?' : url.slice(query)
    case '@request-target':
      return url
    case '@target-uri':
      return `${new URL(origin).origin}${url}`
    default:
      throw refused(`it covers ${name.slice(0, 60)}, which is not looked at here`)
  }
}

/** A header whose members have names. */
export function dictionaryIn(name: string, text: string) {
  try {
    return parseDictionary(text)
  } catch {
    throw refused(`${name.slice(0, 60)} cannot be read`)
  }
}

/** One line, as it was sent, without blanks around it. */
export function headerOf({ headers }: SignedRequest, name: string): string | undefined {
  // What every object has is no header.
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined
  const text = Array.isArray(value) ? value.join(', ') : value
  if (text === undefined) return undefined
  if (text.length > HEADER_CHARS_MAX || !/^[\x20-\x7e\t]*$/.test(text)) throw refused(`${name.slice(0, 60)} is too long or not ASCII`)
  return text.trim()
}

export function refused(why: string): GatewayError {
  return new GatewayError('agent_signature_invalid', `The signature does not hold: ${why}`)
}
