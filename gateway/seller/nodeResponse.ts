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
}

/** The calls of a response that send something, as they are made. */
export type Sending = {
  writeHead(status: number, ...rest: unknown[]): unknown
  write(chunk: unknown, encoding?: unknown, done?: Done): boolean
  end(chunk?: unknown, encoding?: unknown, done?: Done): unknown
  flushHeaders(): void
}

/** Answers with this and nothing of what was set before, but for what lets a page read it. */
export function sendReply(response: NodeResponse, reply: Reply): void {
  setReply(response, reply)
  ;(response as unknown as Sending).end(reply.body) // Node takes any of these forms.
}

/** What an app says to browsers of all its answers (CORS, the Fetch standard), before it knows what this one is. */
export function isForPages(name: string): boolean {
  return name === 'vary' || name.startsWith('access-control-')
}

export function setReply(response: NodeResponse, { status, headers }: Reply): void {
  for (const name of response.getHeaderNames()) if (!isForPages(name)) response.removeHeader(name)
  response.statusCode = status
  const fields = new Map<string, string[]>()
  for (const [name, value] of headers) fields.set(name, [...(fields.get(name) ?? []), value])
  // Values of one name are one field each, in this order.
  for (const [name, values] of fields) response.setHeader(name, values.length === 1 ? values[0]! : values)
}
