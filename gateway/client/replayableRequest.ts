import { createHash } from 'node:crypto'
import { GatewayError } from '../errors/gatewayError.ts'

/** A request that can be sent any number of times. `key` is the same for the same method, URL and body. */
export type ReplayableRequest = Readonly<{
  url: string
  method: string
  headers: Headers
  body?: string | Uint8Array<ArrayBuffer>
  key: string
  init: RequestInit
}>

/** Makes a request replayable. Refuses a body that can be read only once: after paying there would be nothing left to send. */
export function replayableRequest(url: string | URL, init: RequestInit = {}): ReplayableRequest {
  const method = (init.method ?? 'GET').toUpperCase()
  const body = bodyOf(init.body)
  const href = new URL(url).href
  const key = createHash('sha256')
    .update(`${method}\n${href}\n`)
    .update(body ?? '')
    .digest('hex')
  return { url: href, method, headers: new Headers(init.headers), key, init, ...(body === undefined ? {} : { body }) }
}

function bodyOf(body: RequestInit['body']): string | Uint8Array<ArrayBuffer> | undefined {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string') return body
  // Copied, so that nobody changes it between two sends.
  if (body instanceof ArrayBuffer) return new Uint8Array(body.slice(0))
  if (ArrayBuffer.isView(body)) return Uint8Array.from(new Uint8Array(body.buffer, body.byteOffset, body.byteLength))
  throw new GatewayError('invalid_request', 'the body of a paid request must be text or bytes, because it may have to be sent again')
}
