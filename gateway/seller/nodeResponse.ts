import type { Reply } from './wire.ts'

type Done = (error?: Error | null) => void

/** What is used of a response of `node:http` or Express. */
export type NodeResponse = {
  statusCode: number
  statusMessage: string
  readonly headersSent: boolean
  writeHead(...params: never[]): unknown
  write(...params: never[]): boolean
  end(...params: never[]): unknown
  flushHeaders(): void
  destroy(): unknown
  setHeader(name: string, value: number | string | readonly string[]): unknown
  getHeader(name: string): number | string | string[] | undefined
  getHeaderNames(): string[]
  removeHeader(name: string): void
  emit(event: 'drain'): boolean
  once(event: 'close', over: () => void): unknown
}

/** The calls of a response that send something, as they are made. */
export type Sending = {
  writeHead(status: number, ...rest: unknown[]): unknown
  write(chunk: unknown, encoding?: unknown, done?: Done): boolean
  end(chunk?: unknown, encoding?: unknown, done?: Done): unknown
  flushHeaders(): void
}

/** Headers that an app set before its work began. */
export type HeadersBefore = readonly (readonly [string, number | string | readonly string[]])[]

/** What is of the body that is replaced: what it is, how it is sent and for how long it may be kept. */
const OF_A_BODY =
  /^(?:content-(?:type|length|encoding|language|location|range|disposition|digest)|transfer-encoding|trailer|etag|last-modified|age|expires|pragma|(?:cdn-)?cache-control|surrogate-control)$/i
/** What is of the status: where to go, or what to show. */
const OF_A_STATUS = /^(?:location|www-authenticate)$/i

/** What stays when a body is replaced, such as who may read the answer (CORS): a page of another origin could not pay without it. */
export function keepsWithoutBody(name: string): boolean {
  return !OF_A_BODY.test(name) && !OF_A_STATUS.test(name)
}

export function headersBefore(response: NodeResponse): HeadersBefore {
  return response
    .getHeaderNames()
    .filter(keepsWithoutBody)
    .map((name) => [name, asItIs(response.getHeader(name) ?? '')])
}

/** A list is one that whoever adds a cookie adds to. */
export function asItIs<T>(value: T): T {
  return Array.isArray(value) ? (value.slice() as T) : value // A list of the same.
}

/** Answers with this in the place of the work; nothing of what the work set is left. */
export function sendReply(response: NodeResponse, reply: Reply, before: HeadersBefore = []): void {
  setReply(response, reply, before)
  ;(response as unknown as Sending).end(reply.body) // Node takes any of these forms.
}

export function setReply(response: NodeResponse, { status, headers }: Reply, before: HeadersBefore): void {
  for (const name of response.getHeaderNames()) response.removeHeader(name)
  for (const [name, value] of before) response.setHeader(name, value)
  response.statusCode = status
  const fields = new Map<string, string[]>()
  for (const [name, value] of headers) fields.set(name, [...(fields.get(name) ?? []), value])
  // Values of one name are one field each, in this order.
  for (const [name, values] of fields) response.setHeader(name, values.length === 1 ? values[0]! : values)
}
